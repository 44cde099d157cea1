import { readDate, type DateRules } from './dates';
import type { Expression } from './expression';
import type { Item, Problem } from './item';
import type { SourceProfile } from './profile';
import { DATE_FIELDS, FIELDS, type Field } from './schema';
import { translate } from './statuses';

interface Mapped {
  readonly event: Readonly<Record<string, unknown>>;
  /** The word that no table of the profile has and the catalogue neither; null: there is none. */
  readonly unknownStatus: string | null;
}

export type MapResult =
  | { readonly ok: true; readonly mapped: Mapped }
  /** Every problem of the event. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

type Found = Extract<Item, { ok: true }>;

/** Makes an event of what a reader found; whether it is a valid one, the contract says. Never throws. */
export async function mapEvent(profile: SourceProfile, item: Found): Promise<MapResult> {
  const problems: Problem[] = [];
  const evaluate = async (field: string, path: readonly string[], expression: Expression) => {
    try {
      return plain(await expression.evaluate(item.value, item.bindings));
    } catch (error) {
      const at = `${profile.name}, line ${profile.lineOf(path)} (${path.join('.')})`;
      const detail = `${at}: ${(error as Error).message}; correct the profile, or what was sent`;
      problems.push({ where: item.where, field, detail });
      return null;
    }
  };
  const event: Record<string, unknown> = {};
  const { carrier, fields } = profile;
  if (typeof carrier === 'string') event.transportadora = carrier;
  else if (carrier !== undefined)
    event.transportadora = await evaluate('transportadora', ['carrier'], carrier.value);
  for (const field of FIELDS) {
    const given = fields[field];
    if (given === undefined) continue;
    const value = await evaluate(field, ['fields', field], given.value);
    if (value === null) continue;
    event[field] = value;
    const why = DATE_FIELDS.includes(field)
      ? readInto(event, field, rulesOf(profile, field))
      : wrongWord(field, value);
    if (why === null) continue;
    const at = `${profile.name}, line ${profile.lineOf(['fields', field])} (fields.${field})`;
    problems.push({ where: item.where, field, detail: `${at}: ${JSON.stringify(value)} ${why}` });
  }
  if (
    event.data_atualizacao === undefined &&
    fields.data_atualizacao === undefined &&
    'value' in item.bindings
  ) {
    event.data_atualizacao = item.bindings.value;
    const why = readInto(event, 'data_atualizacao', rulesOf(profile, 'data_atualizacao'));
    const at = `${profile.name}, line ${profile.lineOf(['dates'])} (dates)`;
    if (why !== null)
      problems.push({
        where: item.where,
        field: 'data_atualizacao',
        detail: `${at}: ${JSON.stringify(item.bindings.value)} ${why}`,
      });
  }
  const status = await statusOf(profile, item, evaluate);
  if (status !== null) event.status_rastreamento = status.status;
  if (problems.length > 0) return { ok: false, problems };
  for (const [field, value] of Object.entries(event)) if (value === null) delete event[field];
  // What takes the event before it back has a word of its own, which is no status.
  const isUnknown = status !== null && !status.known && event.correcao !== 'anterior';
  return { ok: true, mapped: { event, unknownStatus: isUnknown ? status.status : null } };
}

type Evaluate = (
  field: string,
  path: readonly string[],
  expression: Expression,
) => Promise<string | number | null>;

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
  const own = field === 'data_atualizacao' || field === 'prazo' ? fields[field] : undefined;
  return {
    formats: own?.formats ?? dates.formats,
    zone: own?.zone ?? dates.zone,
    locale: own?.locale ?? dates.locale,
    timeOfDay: own?.timeOfDay ?? dates.timeOfDay,
  };
}

/** Reads the date of a field; why that cannot be done, else null. */
function readInto(event: Record<string, unknown>, field: Field, rules: DateRules): string | null {
  const read = readDate(String(event[field]), rules, field === 'prazo');
  if (!read.ok) return read.why;
  event[field] = read.text;
  return null;
}

const CORRECTIONS = ['mesmo', 'anterior'];

function wrongWord(field: Field, value: string | number): string | null {
  if (field !== 'correcao' || CORRECTIONS.includes(String(value))) return null;
  return `is no correction; let the expression give ${CORRECTIONS.map((c) => JSON.stringify(c)).join(' or ')}, or nothing where the event takes none back`;
}
