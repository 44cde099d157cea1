import { z } from 'zod';
import { wordsByStatus } from './statuses';

const name = z
  .string()
  .regex(/^[A-Za-z_]\w{0,62}$/, 'use a name of letters, digits and _, as expressions can say it');

export const SEPARATORS = { auto: null, ',': ',', ';': ';', '|': '|', tab: '\t' } as const;

/** The part `csv` of a profile. */
export const csvSchema = z.strictObject({
  separator: z
    .enum(Object.keys(SEPARATORS) as (keyof typeof SEPARATORS)[], 'use auto, ",", ";", "|" or tab')
    .default('auto'),
  columns: z.record(name, z.string().trim().min(1, 'is empty; write what the header calls it')).default({}),
  steps: wordsByStatus.refine((steps) => steps.size > 0, 'names no column').optional(),
});

/** Columns of a line, both ends included and counted from 1. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const MAX_COLUMN = 100_000;

const span = z.string().transform((text, context): Span => {
  const [, from = '', to = from] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(text.replaceAll(' ', '')) ?? [];
  const read = { from: Number(from), to: Number(to) };
  if (read.from >= 1 && read.to >= read.from && read.to <= MAX_COLUMN) return read;
  context.addIssue(
    `${JSON.stringify(text)} is no range of columns; use FROM-TO counted from 1 with both ends included, such as 4-17`,
  );
  return z.NEVER;
});

const record = z.strictObject({
  prefix: z.string().min(1, 'is empty; write what the lines of this kind begin with'),
  under: name.optional(),
  columns: z.record(name, span).default({}),
});

/** The part `fixed` of a profile. */
export const fixedSchema = z
  .strictObject({
    records: z
      .record(name, record)
      .refine((records) => Object.keys(records).length > 0, 'names no record; docs/sources.md shows one'),
    events: name,
  })
  .superRefine(({ records, events }, context) => {
    const names = Object.keys(records);
    const issue = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (!names.includes(events)) issue(['events'], `${events} is none of the records ${names.join(', ')}`);
    for (const [key, { prefix, under }] of Object.entries(records)) {
      if (under !== undefined && !names.includes(under))
        issue(['records', key, 'under'], `${under} is none of the records ${names.join(', ')}`);
      const other = names.find((o) => o !== key && records[o]?.prefix === prefix);
      if (other !== undefined && names.indexOf(other) < names.indexOf(key))
        issue(['records', key, 'prefix'], `is that of ${other} too; lines of one kind begin alike`);
      const seen = new Set([key]);
      for (let above = under; above !== undefined; above = records[above]?.under) {
        if (seen.has(above)) {
          issue(['records', key, 'under'], 'goes round in a circle; the topmost record has no under');
          break;
        }
        seen.add(above);
      }
    }
  });
