import { type DataFrame, type Field, FieldType } from '@grafana/data';
import { findNamed, isHidden, numberFields } from '../shared/fields';
import { type StatusFields } from './options';
import { statusColor } from './palette';

/** Preferred names, best first, where a frame leaves a choice. */
const STATUS_NAMES = ['status_rastreamento', 'status_atual', 'status'];
const VALUE_NAMES = ['total_pacotes', 'total', 'count', 'quantidade', 'pacotes'];

/** Statuses in rows: one text field, one numeric field. */
export interface LongRole {
  kind: 'long';
  frame: DataFrame;
  status: Field;
  value: Field;
}

/** Statuses in columns: one row, one numeric field per status. */
export interface WideRole {
  kind: 'wide';
  frame: DataFrame;
  values: Field[];
}

export type StatusRole = LongRole | WideRole;

/** Finds the frame of statuses, by the options first and by guess else. */
export function findStatuses(series: DataFrame[], options: StatusFields): StatusRole | undefined {
  return (
    (options.format === 'wide' ? undefined : findLong(series, options)) ??
    (options.format === 'long' ? undefined : findWide(series, options.format === 'wide'))
  );
}

function findLong(series: DataFrame[], options: StatusFields): LongRole | undefined {
  const chosenStatus = findNamed(series, options.statusField, [FieldType.string, FieldType.enum]);
  const chosenValue = findNamed(series, options.valueField, [FieldType.number]);
  const frames = chosenStatus
    ? [chosenStatus.frame]
    : chosenValue
      ? [chosenValue.frame]
      : byNamedStatusFirst(series);
  for (const frame of frames) {
    const status = chosenStatus?.field ?? preferred(textFields(frame), STATUS_NAMES);
    const value =
      chosenValue?.frame === frame ? chosenValue.field : preferred(numberFields(frame), VALUE_NAMES);
    const isAsked = chosenStatus !== undefined || chosenValue !== undefined || options.format === 'long';
    if (status && value && (isAsked || looksLikeStatuses(frame, status, value))) {
      return { kind: 'long', frame, status, value };
    }
  }
  return undefined;
}

/** Several rows do; one row may as well be KPIs with a note, unless a name or the text itself says otherwise. */
function looksLikeStatuses(frame: DataFrame, status: Field, value: Field): boolean {
  return (
    frame.length !== 1 ||
    STATUS_NAMES.includes(status.name.toLowerCase()) ||
    VALUE_NAMES.includes(value.name.toLowerCase()) ||
    statusColor(String(status.values[0])) !== undefined
  );
}

function findWide(series: DataFrame[], asked: boolean): WideRole | undefined {
  for (const frame of series) {
    const values = numberFields(frame);
    // Unasked, most of the columns must be statuses that the catalogue knows: a row of KPIs looks the same otherwise.
    const known = values.filter(
      (field) => statusColor(field.config.displayName ?? field.name) !== undefined
    ).length;
    if (frame.length === 1 && values.length > 0 && (asked || known * 2 > values.length)) {
      return { kind: 'wide', frame, values };
    }
  }
  return undefined;
}

const textFields = (frame: DataFrame): Field[] =>
  frame.fields.filter(
    (field) => (field.type === FieldType.string || field.type === FieldType.enum) && !isHidden(field)
  );

/** Frames with a field of a preferred status name come first; the others keep their order. */
function byNamedStatusFirst(series: DataFrame[]): DataFrame[] {
  const named = (frame: DataFrame) =>
    textFields(frame).some((field) => STATUS_NAMES.includes(field.name.toLowerCase()));
  return [...series.filter(named), ...series.filter((frame) => !named(frame))];
}

function preferred(fields: Field[], names: readonly string[]): Field | undefined {
  for (const name of names) {
    const field = fields.find((candidate) => candidate.name.toLowerCase() === name);
    if (field) {
      return field;
    }
  }
  return fields[0];
}
