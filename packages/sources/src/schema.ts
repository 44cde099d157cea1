import { isTimezone } from '@rastreio/contract';
import { z } from 'zod';
import { authSchema } from './auth';
import { ISO, wrongFormat } from './dates';
import { compile, ExpressionError, type Expression } from './expression';
import { csvSchema, fixedSchema } from './tableSchema';
import { wordsByStatus, type Aliases } from './statuses';

/** The fields of an event that an expression gives; the status has a part of its own, and so has the carrier. */
export const FIELDS = [
  'id_pacote',
  'codigo',
  'servico',
  'origem',
  'destino',
  'local',
  'codigo_evento',
  'descricao',
  'prazo',
  'prazo_em',
  'data_atualizacao',
  'correcao',
] as const;
export type Field = (typeof FIELDS)[number];

/** What is told of an event besides; where it cannot be read or is not accepted, the event is worth keeping without it. */
export const DETAIL_FIELDS: readonly string[] = [
  'servico',
  'local',
  'codigo_evento',
  'descricao',
  'prazo',
  'prazo_em',
] satisfies Field[];

const DATE_FIELDS = ['data_atualizacao', 'prazo', 'prazo_em'] as const satisfies readonly Field[];
export type DateField = (typeof DATE_FIELDS)[number];

/** Whether a field's texts are read as dates. */
export function isDate(field: Field): field is DateField {
  return (DATE_FIELDS as readonly Field[]).includes(field);
}

/** An expression of JSONata, compiled. */
const expression = z.string('use an expression of JSONata').transform((text, context): Expression => {
  try {
    if (text.trim() === '') throw new ExpressionError('is empty; write an expression, or take the key out');
    return compile(text);
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
});

const format = z.string().superRefine((text, context) => {
  const why = wrongFormat(text);
  if (why !== null) context.addIssue(`${JSON.stringify(text)} ${why}`);
});
const formats = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(format, 'use a format or a list of formats').min(1, 'name at least one format'),
);
const zone = z
  .string()
  .refine(isTimezone, 'is no IANA time zone that is known here; use one such as America/Sao_Paulo');
const dateRules = {
  formats: formats.optional(),
  zone: zone.optional(),
  locale: z
    .string()
    .refine(isLocale, 'is no language that is known here; use one such as en or pt-BR')
    .optional(),
  timeOfDay: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'use hours and minutes such as "12:00"')
    .optional(),
};

function isLocale(text: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(text).length > 0;
  } catch {
    return false;
  }
}

const asValue = (value: unknown) => (typeof value === 'string' ? { value } : value);
const plainField = z.preprocess(
  asValue,
  z.strictObject({ value: expression }, 'use an expression of JSONata'),
);
const dateField = z.preprocess(
  asValue,
  z.strictObject({ value: expression, ...dateRules }, 'use an expression of JSONata'),
);

const promiseField = z.preprocess(
  asValue,
  z.strictObject(
    {
      value: expression,
      ...dateRules,
      events: z.enum(['each', 'newest'], 'use each or newest').default('each'),
    },
    'use an expression of JSONata',
  ),
);

const MAX_STEPS = 5;
const NAME = /^[A-Za-z_]\w*$/;

/** A step from a value of the payload to those below it that are, or lead to, events. */
const step = z.preprocess(
  asValue,
  z
    .strictObject(
      {
        value: expression,
        at: z.string().regex(NAME, 'use a name of letters, digits and _').optional(),
      },
      'use an expression of JSONata',
    )
    // What it is called in places: "$.objetos[0].eventos[3]".
    .transform(({ value, at }) => ({
      ...value,
      at: at ?? (NAME.test(value.text.trim()) ? value.text.trim() : null),
    })),
);

const fields = z.strictObject({
  ...(Object.fromEntries(
    FIELDS.filter((field) => !isDate(field)).map((field) => [field, plainField.optional()]),
  ) as Record<Exclude<Field, DateField>, z.ZodOptional<typeof plainField>>),
  data_atualizacao: dateField.optional(),
  prazo: promiseField.optional(),
  prazo_em: dateField.optional(),
});

const FORMATS = ['json', 'csv', 'fixed'] as const;
export type Format = (typeof FORMATS)[number];

const ENCODINGS = ['auto', 'utf-8', 'latin1'] as const;

/** A profile as its file says it; every value of the file is a text. */
export const profileSchema = z
  .strictObject({
    name: z
      .string('is missing; write the name of the file without .yaml')
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use 1 to 40 of a-z, 0-9 and -, beginning with a letter or digit'),
    title: z.string('is missing; say what it reads').trim().min(1, 'is empty; say what it reads').max(100),
    format: z.enum(FORMATS, `use one of ${FORMATS.join(', ')}`),
    encoding: z.enum(ENCODINGS, `use one of ${ENCODINGS.join(', ')}`).default('auto'),
    auth: authSchema.default({ type: 'none' }),
    carrier: z
      .union(
        [z.string().trim().min(1).max(64), z.strictObject({ value: expression })],
        'use the carrier’s name, or value: with an expression that gives it',
      )
      .optional(),
    events: z
      .preprocess(
        (value): unknown => (Array.isArray(value) ? value : [value]),
        z.array(step, 'use an expression, or a list of them, one a step').min(1).max(MAX_STEPS),
      )
      .optional(),
    csv: csvSchema.optional(),
    fixed: fixedSchema.optional(),
    dates: z.strictObject(dateRules).default({}),
    fields,
    status: z
      .strictObject({
        code: expression.optional(),
        text: expression.optional(),
        codes: wordsByStatus.default(new Map()),
        texts: wordsByStatus.default(new Map()),
      })
      .optional(),
  })
  .superRefine((profile, context) => {
    for (const [path, message] of contradictions(profile))
      context.addIssue({ code: 'custom', path: [...path], message });
  })
  .transform(({ dates, ...profile }) => ({
    ...profile,
    dates: { ...dates, formats: dates.formats ?? [ISO] },
  }));

interface Parts {
  readonly format: Format;
  readonly events?: unknown;
  readonly csv?: { readonly steps?: unknown } | undefined;
  readonly fixed?: unknown;
  readonly carrier?: unknown;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly status?:
    | {
        readonly code?: unknown;
        readonly text?: unknown;
        readonly codes: Aliases;
        readonly texts: Aliases;
      }
    | undefined;
}

/** What is right by itself and wrong together. */
function* contradictions(profile: Parts): Generator<readonly [path: readonly string[], message: string]> {
  const { format, events, csv, fixed, fields: given, status } = profile;
  const needs = { json: 'events', csv: 'csv', fixed: 'fixed' }[format] as 'events' | 'csv' | 'fixed';
  if (profile[needs] === undefined)
    yield [['format'], `${format} needs the key ${needs}; docs/sources.md shows it`];
  for (const [key, value] of Object.entries({ events, csv, fixed }))
    if (key !== needs && value !== undefined) yield [[key], `is not for format ${format}; take it out`];
  const isWide = csv?.steps !== undefined;
  if (given.codigo === undefined && given.id_pacote === undefined)
    yield [['fields'], 'names no parcel; give codigo (the tracking number) or id_pacote'];
  if (given.codigo !== undefined && given.id_pacote === undefined && profile.carrier === undefined)
    yield [['fields', 'codigo'], 'needs the key carrier: two carriers’ equal numbers are two parcels'];
  if (given.prazo_em !== undefined && given.prazo === undefined)
    yield [['fields', 'prazo_em'], 'says when prazo was said; give prazo, too, or take it out'];
  if (given.data_atualizacao === undefined && !isWide)
    yield [['fields'], 'lacks data_atualizacao, when it happened'];
  if (isWide && status !== undefined)
    yield [['status'], 'is not for csv.steps, which name the statuses; take it out'];
  if (!isWide && status?.code === undefined && status?.text === undefined)
    yield [['status'], 'needs code or text: an expression that gives the carrier’s word for what happened'];
  if (status !== undefined && status.code === undefined && status.codes.size > 0)
    yield [
      ['status', 'codes'],
      'is never asked without status.code, the expression that gives the carrier’s code',
    ];
  if (status !== undefined && status.text === undefined && status.texts.size > 0)
    yield [
      ['status', 'texts'],
      'is never asked without status.text, the expression that gives the carrier’s text',
    ];
}
