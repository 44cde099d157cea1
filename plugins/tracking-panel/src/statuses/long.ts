import { type DataFrame, type Field, FieldType } from '@grafana/data';
import { findNamed, isHidden, numberFields } from '../shared/fields';
import { namedCount, namedStatus } from './names';
import { type StatusFields } from './options';
import { statusColor } from './palette';
import { type LongRole } from './roleTypes';

const TEXTS = [FieldType.string, FieldType.enum];
/** What a field of statuses may be: whatever has a text to show. */
export const STATUS_TYPES = [...TEXTS, FieldType.boolean, FieldType.number, FieldType.time];

/**
 * How sure a guess has to be. `named`: the status field has a preferred name or was chosen; `text`: texts or booleans
 * beside a number; `numbers`: several rows of numbers too. What the options ask for needs no guess.
 */
type Certainty = 'named' | 'text' | 'numbers';

/** The first frame with statuses in rows, frames with a preferred status name before others. */
export function findLong(
  series: DataFrame[],
  options: StatusFields,
  certainty: Certainty
): LongRole | undefined {
  const status =
    findNamed(series, options.statusField, TEXTS) ?? findNamed(series, options.statusField, STATUS_TYPES);
  const value = findNamed(series, options.valueField, [FieldType.number]);
  const asked = status?.frame ?? value?.frame;
  for (const frame of asked ? [asked] : byNamedStatusFirst(series)) {
    const chosen = { status: status?.field, value: value?.frame === frame ? value.field : undefined };
    const found = inFrame(frame, chosen, options.format === 'long' ? 'asked' : certainty);
    if (found) {
      return withSiblings({ kind: 'long', frame, ...found, frames: [frame] }, series);
    }
  }
  return undefined;
}

interface Chosen {
  status: Field | undefined;
  value: Field | undefined;
}

function inFrame(
  frame: DataFrame,
  chosen: Chosen,
  certainty: Certainty | 'asked'
): { status: Field; value: Field } | undefined {
  const status = chosen.status ?? statusOf(frame, chosen.value, certainty);
  const numbers = numberFields(frame).filter((field) => field !== status);
  const value = chosen.value ?? namedCount(numbers) ?? numbers[0];
  if (!status || !value || status === value) {
    return undefined;
  }
  const isAsked = chosen.status !== undefined || chosen.value !== undefined || certainty === 'asked';
  return isAsked || looksLikeStatuses(frame, status, value) ? { status, value } : undefined;
}

function statusOf(
  frame: DataFrame,
  value: Field | undefined,
  certainty: Certainty | 'asked'
): Field | undefined {
  const fields = frame.fields.filter((field) => !isHidden(field) && field !== value);
  const ofType = (...types: FieldType[]) => fields.filter(({ type }) => types.includes(type));
  const [time] = ofType(FieldType.time);
  const texts = ofType(...TEXTS);
  // A number of that name over time is a figure, not a code.
  const named =
    namedStatus(texts) ??
    namedStatus(ofType(...STATUS_TYPES).filter(({ type }) => !(time && type === FieldType.number)));
  if (named || certainty === 'named') {
    return named;
  }
  const text = texts[0] ?? ofType(FieldType.boolean)[0];
  if (text || certainty === 'text') {
    return text;
  }
  const numbers = ofType(FieldType.number);
  const count = value ?? namedCount(numbers);
  const code = numbers.find((field) => field !== count);
  if (certainty === 'asked') {
    return time ?? code;
  }
  // Of numbers alone, rows are categories only where there are several and no time that puts them in order.
  return time || frame.length < 2 || (numbers.length < 2 && !value) ? undefined : code;
}

/** Several rows do; one row may as well be KPIs with a note, unless a name or the text itself says otherwise. */
function looksLikeStatuses(frame: DataFrame, status: Field, value: Field): boolean {
  return (
    frame.length !== 1 ||
    namedStatus([status]) !== undefined ||
    (TEXTS.includes(status.type) &&
      (namedCount([value]) !== undefined || statusColor(String(status.values[0])) !== undefined))
  );
}

/** Frames with a field of a preferred status name come first; the others keep their order. */
function byNamedStatusFirst(series: DataFrame[]): DataFrame[] {
  const named = (frame: DataFrame) => statusOf(frame, undefined, 'named') !== undefined;
  return [...series.filter(named), ...series.filter((frame) => !named(frame))];
}

/** One query may bring its rows in several frames, as the transformation "Partition by values" does: all of them count. */
function withSiblings(role: LongRole, series: DataFrame[]): LongRole {
  const has = (frame: DataFrame, field: Field) =>
    frame.fields.some(({ name, type }) => name === field.name && type === field.type);
  const frames = series.filter(
    (frame) => frame.refId === role.frame.refId && has(frame, role.status) && has(frame, role.value)
  );
  if (frames.length < 2) {
    return role;
  }
  const frame = joined(role.frame, frames);
  const same = (field: Field) => frame.fields[role.frame.fields.indexOf(field)] ?? field;
  return { kind: 'long', frame, status: same(role.status), value: same(role.value), frames };
}

/** The rows of all frames under each other, in the fields of one of them; links go on asking the frame of their row. */
function joined(like: DataFrame, frames: DataFrame[]): DataFrame {
  const fields = like.fields.map((field): Field => {
    const parts = frames.map((frame) => ({
      length: frame.length,
      part: frame.fields.find(({ name }) => name === field.name),
    }));
    return {
      ...field,
      // Their display name would be that of one frame.
      labels: undefined,
      state: undefined,
      values: parts.flatMap(({ length, part }): unknown[] =>
        part ? Array.from<unknown>(part.values) : new Array<null>(length).fill(null)
      ),
      getLinks: (config) => {
        let row = config.valueRowIndex ?? 0;
        for (const { length, part } of parts) {
          if (row < length) {
            return part?.getLinks?.({ ...config, valueRowIndex: row }) ?? [];
          }
          row -= length;
        }
        return [];
      },
    };
  });
  const length = frames.reduce((sum, frame) => sum + frame.length, 0);
  return { ...like, name: undefined, fields, length };
}
