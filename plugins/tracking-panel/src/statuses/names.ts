import { type Field } from '@grafana/data';

/** Preferred names, best first, where a frame leaves a choice. */
const STATUS_NAMES = ['status_rastreamento', 'status_atual', 'status'];
const VALUE_NAMES = ['total_pacotes', 'total', 'count', 'quantidade', 'pacotes'];

const named = (fields: Field[], names: readonly string[]): Field | undefined =>
  names.flatMap((name) => fields.find((field) => field.name.toLowerCase() === name) ?? [])[0];

/** The field of the best preferred name for statuses. */
export const namedStatus = (fields: Field[]): Field | undefined => named(fields, STATUS_NAMES);

/** The field of the best preferred name for counts. */
export const namedCount = (fields: Field[]): Field | undefined => named(fields, VALUE_NAMES);

/** What a label with a preferred name for statuses says; undefined where there is none. */
export function statusLabel({ labels = {} }: Field): string | undefined {
  const key = STATUS_NAMES.flatMap(
    (name) => Object.keys(labels).find((label) => label.toLowerCase() === name) ?? []
  )[0];
  return key === undefined ? undefined : labels[key];
}
