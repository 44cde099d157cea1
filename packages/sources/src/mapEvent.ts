import { CORRECTIONS, showValue } from '@rastreio/contract';
import { readDate, type DateRules } from './dates';
import type { Expression } from './expression';
import type { Item, Problem } from './item';
import type { SourceProfile } from './profile';
import { DETAIL_FIELDS, FIELDS, isDate, type Field } from './schema';
import { translate } from './statuses';

interface Mapped {
  readonly event: Readonly<Record<string, string | number>>;
  /** The word that no table of the profile has and the catalogue neither; null: there is none. */
  readonly unknownStatus: string | null;
}

export type MapResult =
  /** With the problems of details that are left out. */
  | { readonly ok: true; readonly mapped: Mapped; readonly problems: readonly Problem[] }
  /** Every problem of the event. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

type Found = Extract<Item, { ok: true }>;

/** Makes an event of what a reader found; whether it is a valid one, the contract says. Never throws. */
export async function mapEvent(profile: SourceProfile, item: Found): Promise<MapResult> {
  const { where, value: input, bindings } = item;
  const problems: Problem[] = [];
  const report = (field: string, path: readonly string[], what: string) => {
    const detail = `${profile.name}, line ${profile.lineOf(path)} (${path.join('.')}): ${what}`;
    problems.push({ where, field, detail });
    return null;
  };
  const evaluate: Evaluate = async (field, path, expression) => {
    try {
      return plain(await expression.evaluate(input, bindings));
    } catch (error) {
      return report(field, path, `${(error as Error).message}; correct the profile, or what was sent`);
    }
  };
  const event: Record<string, string | number> = {};
  const carrier = await carrierOf(profile, evaluate);
  if (carrier !== null) event.transportadora = carrier;
  for (const field of FIELDS) {
    const { path, value } = await valueOf(profile, item, field, evaluate);
    if (value === null) continue;
    const read = readField(profile, field, value);
    if (read.ok) event[field] = read.value;
    else report(field, path, `${showValue(value)} ${read.why}`);
  }
  // Payloads say when they were written, also where they promise nothing.
  if (event.prazo === undefined) delete event.prazo_em;
  const status = await statusOf(profile, item, evaluate);
  if (status !== null) event.status_rastreamento = status.status;
  if (problems.some(({ field }) => !isDetail(field))) return { ok: false, problems };
  // What takes the event before it back has a word of its own, which is no status.
  const isUnknown = status !== null && !status.known && event.correcao !== 'anterior';
  return { ok: true, mapped: { event, unknownStatus: isUnknown ? status.status : null }, problems };
}

/** Whether an event is worth keeping without a field. */
export function isDetail(field: string | null): boolean {
  return field !== null && DETAIL_FIELDS.includes(field);
}

type Evaluate = (
  field: string,
  path: readonly string[],
  expression: Expression,
) => Promise<string | number | null>;

async function carrierOf({ carrier }: SourceProfile, evaluate: Evaluate): Promise<string | null> {
  if (typeof carrier === 'string' || carrier === undefined) return carrier ?? null;
  const name = await evaluate('transportadora', ['carrier'], carrier.value);
  return name === null ? null : String(name);
}

/** What a field's expression gives, or for the time of a step that a column says what stands in it; null: nothing. */
async function valueOf({ fields }: SourceProfile, { bindings }: Found, field: Field, evaluate: Evaluate) {
  const given = fields[field];
  const path = given === undefined ? ['csv', 'steps'] : ['fields', field];
  if (given !== undefined) return { path, value: await evaluate(field, path, given.value) };
  return { path, value: field === 'data_atualizacao' && 'value' in bindings ? plain(bindings.value) : null };
}

type FieldRead =
  { readonly ok: true; readonly value: string | number } | { readonly ok: false; readonly why: string };

function readField(profile: SourceProfile, field: Field, value: string | number): FieldRead {
  if (isDate(field)) {
    const read = readDate(String(value), rulesOf(profile, field), field === 'prazo');
    return read.ok ? { ok: true, value: read.text } : read;
  }
  if (field === 'correcao' && !CORRECTIONS.some((correction) => correction === value))
    return { ok: false, why: NO_CORRECTION };
  return { ok: true, value: field === 'id_pacote' ? value : String(value) };
}

const NO_CORRECTION =
  'is no correction; let the expression give "mesmo" or "anterior", or nothing where the event takes none back';

async function statusOf({ status }: SourceProfile, item: Found, evaluate: Evaluate) {
  if (item.status !== undefined) return { status: item.status, known: true };
  if (status === undefined) return null;
  const word = async (part: 'code' | 'text') => {
    const expression = status[part];
    if (expression === undefined) return null;
    const value = await evaluate('status_rastreamento', ['status', part], expression);
    return value === null ? null : String(value);
  };
  return translate(await word('code'), await word('text'), status);
}

/** What an expression gave as a text or number; null: nothing, or nothing but spaces. @throws Error where it is something else */
function plain(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return String(value);
  throw new Error(
    Array.isArray(value)
      ? `the expression gives ${value.length} values; choose one, as with [0], or join them with $join`
      : 'the expression gives an object; choose one of its keys',
  );
}

function rulesOf({ dates, fields }: SourceProfile, field: Field): DateRules {
  const own = isDate(field) ? fields[field] : undefined;
  return {
    formats: own?.formats ?? dates.formats,
    zone: own?.zone ?? dates.zone,
    locale: own?.locale ?? dates.locale,
    timeOfDay: own?.timeOfDay ?? dates.timeOfDay,
  };
}
