import {
  type DataFrame,
  type Field,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
  type LinkModel,
} from '@grafana/data';
import { type NumberFormat } from '../shared/locale';
import { type ColumnId } from './types';
import { isHidden } from '../shared/fields';
import { type StatusRole } from '../statuses/roleTypes';
import { type Slice, type SliceSet } from '../statuses/types';

/** A column of the status table: how it reads, sorts and links. */
export interface TableColumn {
  id: ColumnId;
  title: string;
  numeric: boolean;
  text: (slice: Slice) => string;
  /** The value without unit and mapping; null where there is none, or more than one. */
  raw: (slice: Slice) => number | string | null;
  /** What rows are ordered by before their texts; null where the text is all there is. */
  order?: (slice: Slice) => number | null;
  links: (slice: Slice) => LinkModel[];
}

/** Words that the interface has and the data have not. */
export interface ColumnTexts {
  share: string;
  /** For a field that differs among the rows of one status. */
  several: string;
}

/** The fields of a status frame that are neither status nor count: none for statuses in columns. */
export function extraFields(role: StatusRole | undefined): Field[] {
  if (role?.kind !== 'long') {
    return [];
  }
  const drawable = (type: FieldType) => type !== FieldType.frame && type !== FieldType.nestedFrames;
  return role.frame.fields.filter(
    (field) => field !== role.status && field !== role.value && !isHidden(field) && drawable(field.type)
  );
}

/** Every column there can be: status, count, share, and the further fields of the status frame. */
export function allColumns(
  statuses: SliceSet,
  percentDecimals: number,
  numbers: NumberFormat,
  texts: ColumnTexts
): TableColumn[] {
  const { role, columns } = statuses;
  return [
    {
      id: 'status',
      title: columns.status,
      numeric: false,
      text: (slice) => slice.label,
      raw: (slice) => slice.members[0] ?? '',
      order: (slice) =>
        role.kind === 'long' && role.status.type === FieldType.time
          ? placeOf(role.status, role.status.values[slice.rows?.[0] ?? -1])
          : null,
      // They share the press with the selection.
      links: () => [],
    },
    {
      id: 'count',
      title: columns.value,
      numeric: true,
      text: (slice) => slice.valueText,
      raw: (slice) => slice.value,
      links: (slice) => cellLinks(slice.source?.frame.fields[slice.source.column], slice),
    },
    {
      id: 'share',
      title: texts.share,
      numeric: true,
      text: (slice) => numbers.percent(slice.percent, percentDecimals),
      raw: (slice) => slice.percent,
      links: () => [],
    },
    ...(role.kind === 'long' ? extraFields(role).map((field) => extraColumn(field, role.frame, texts)) : []),
  ];
}

/** The columns that `ids` name, in that order; those that the data do not have are left out, and one always stays. */
export function pickColumns(columns: TableColumn[], ids: readonly ColumnId[]): TableColumn[] {
  const picked = ids.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  return picked.length > 0 ? picked : columns.slice(0, 1);
}

function extraColumn(field: Field, frame: DataFrame, texts: ColumnTexts): TableColumn {
  const distinct = ({ rows = [] }: Slice) => new Set(rows.map((row): unknown => field.values[row]));
  return {
    id: `field:${field.name}`,
    title: getFieldDisplayName(field, frame),
    numeric: field.type === FieldType.number,
    text: (slice) => {
      const values = distinct(slice);
      const [value] = values;
      if (values.size > 1) {
        return texts.several;
      }
      return field.display && values.size === 1 ? formattedValueToString(field.display(value)) : '';
    },
    raw: (slice) => {
      const values = distinct(slice);
      const [value] = values;
      if (values.size !== 1 || value === null || value === undefined) {
        return null;
      }
      if (field.type === FieldType.time && Number.isFinite(Number(value))) {
        return new Date(Number(value)).toISOString();
      }
      return typeof value === 'number' ? value : String(value);
    },
    order: (slice) => {
      const [value, ...others] = distinct(slice);
      return others.length === 0 ? placeOf(field, value) : null;
    },
    links: (slice) => cellLinks(field, slice),
  };
}

/** Where a value stands among others of its field: times, durations and booleans by their value, whatever their text. */
function placeOf(field: Field, value: unknown): number | null {
  const numeric = value === null || value === undefined ? Number.NaN : field.display?.(value).numeric;
  return numeric !== undefined && Number.isFinite(numeric) ? numeric : null;
}

/** Links of several rows are those of the first: they all have its status. */
function cellLinks(field: Field | undefined, slice: Slice): LinkModel[] {
  return field?.config.links?.length
    ? (field.getLinks?.({ valueRowIndex: slice.source?.row ?? 0 }) ?? [])
    : [];
}
