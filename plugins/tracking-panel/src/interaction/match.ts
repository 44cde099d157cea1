import { type DataHoverPayload, type Field, FieldType, getFieldDisplayName } from '@grafana/data';

/** A status as others may name it. */
export interface Named {
  id: string;
  label: string;
  members: readonly string[];
}

/**
 * The status that another panel's hover is on: one of the texts in the hovered row, else the name or a label of the
 * hovered column (frames with a series per status). Undefined if no status of ours is in there.
 */
export function statusOfHover(payload: DataHoverPayload, statuses: readonly Named[]): string | undefined {
  const { data, rowIndex, columnIndex } = payload;
  if (!data) {
    return undefined;
  }
  const find = (text: unknown) =>
    (
      statuses.find(({ members }) => members.some((member) => member === text)) ??
      statuses.find(({ label }) => label === text)
    )?.id;
  const texts =
    rowIndex === undefined ? [] : data.fields.filter(isText).map(({ values }): unknown => values[rowIndex]);
  const column = columnIndex === undefined ? undefined : data.fields[columnIndex];
  const names = column
    ? [column.name, getFieldDisplayName(column, data), ...Object.values(column.labels ?? {})]
    : [];
  for (const text of [...texts, ...names]) {
    const id = find(text);
    if (id !== undefined) {
      return id;
    }
  }
  return undefined;
}

const isText = ({ type }: Field) => type === FieldType.string || type === FieldType.enum;
