import {
  type DataFrame,
  type Field,
  FieldColorModeId,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
  type GrafanaTheme2,
} from '@grafana/data';
import { DEFAULT_FIELD_COLOR } from '../constants';
import { mappingColors } from '../shared/fields';
import { ownDisplay } from '../shared/localise';
import { createGrouping, MISSING_ID } from './grouping';
import { sumOfCounts } from './others';
import {
  type LongRole,
  type StatusColumn,
  type StatusRole,
  type StatusSource,
  type WideRole,
} from './roleTypes';
import { countOf } from './wide';

type Group = ReturnType<typeof createGrouping>;

/** A status as its frame has it, before its share is known. */
export interface ReadStatus {
  id: string;
  /** Sum of its rows. */
  value: number;
  /** What to call it: the value mapping's text, else the status itself; empty for one that is missing. */
  label: string;
  /** Every status of this name, as the query gave it; the text of one that is no text. */
  members: string[];
  /** The color that a mapping or an override gives it. */
  color: string | undefined;
  /** The field of its count. */
  field: Field;
  /** Rows of the frame that were added up; none for statuses in columns. */
  rows?: readonly number[];
  source: StatusSource;
}

/** Reads the statuses in the query's order; rows and columns of one name are added up. */
export function readStatuses(
  role: StatusRole,
  series: DataFrame[],
  theme: GrafanaTheme2,
  group: Group
): ReadStatus[] {
  return merged(role.kind === 'long' ? readLong(role, theme, group) : readWide(role, series, theme));
}

/** The sum of the counts, of frames of which no more is to be known. */
export const totalOf = (role: StatusRole, theme: GrafanaTheme2): number =>
  sumOfCounts(readStatuses(role, [...role.frames], theme, createGrouping()).map(({ value }) => value));

/** What is called the same is the same: nobody could tell it apart. */
function merged(statuses: ReadStatus[]): ReadStatus[] {
  const byName = new Map<string, ReadStatus>();
  for (const status of statuses) {
    const known = byName.get(status.label);
    if (known) {
      known.value += status.value;
      known.members.push(...status.members.filter((member) => !known.members.includes(member)));
      known.rows = known.rows && [...known.rows, ...(status.rows ?? [])];
      known.color ??= status.color;
      known.id = status.id === '' ? '' : known.id;
    } else {
      byName.set(status.label, status);
    }
  }
  return [...byName.values()];
}

function readLong(
  { frame, status, value: field }: LongRole,
  theme: GrafanaTheme2,
  group: Group
): ReadStatus[] {
  const raw: ArrayLike<unknown> = status.values;
  const counts: ArrayLike<unknown> = field.values;
  const { ids, rows, placeOfRow } = group(raw);
  const sums: number[] = ids.map(() => 0);
  for (let row = 0; row < placeOfRow.length; row++) {
    const place = placeOfRow[row] ?? 0;
    sums[place] = (sums[place] ?? 0) + toCount(counts[row]);
  }
  const mapped = mappingColors(status, theme);
  const nameOf = namer(status);
  const column = frame.fields.indexOf(field);
  // One that is missing and one that is empty are two where they are called differently.
  const hasEmpty = status.type === FieldType.string && ids.includes('');
  return ids.map((key, place) => {
    const first = raw[rows[place]?.[0] ?? -1];
    const isMissing = key === MISSING_ID;
    const label = nameOf(first, isMissing ? '' : key);
    const text = isMissing ? '' : status.type === FieldType.string ? key : label;
    return {
      id: isMissing && hasEmpty ? MISSING_ID : text,
      value: sums[place] ?? 0,
      label,
      members: [text],
      color: mapped(first),
      field,
      rows: rows[place],
      source: { frame, row: rows[place]?.[0] ?? 0, column, fields: [status, field] },
    };
  });
}

/** Calls a status by its field's display (value mappings, unit), or by `otherwise` where that says nothing. */
function namer(status: Field): (value: unknown, otherwise: string) => string {
  const display = ownDisplay(status);
  const names: ReadonlyArray<string | undefined> = status.config.type?.enum?.text ?? [];
  return (value, otherwise) => {
    const text = display ? formattedValueToString(display(value)) : '';
    // Beside value mappings, Grafana shows the place of an enum's value and not its name.
    const name = status.type === FieldType.enum && text === otherwise ? names[Number(otherwise)] : text;
    return [name, otherwise].find((one) => one && one.trim() !== '') ?? '';
  };
}

function readWide(role: WideRole, series: DataFrame[], theme: GrafanaTheme2): ReadStatus[] {
  const names = role.columns.map((column) => nameOfColumn(column, series));
  // One name for all of them, as for all fields of a panel, tells none apart.
  const isShared = new Set(names).size === 1;
  return role.columns.map((of, place) => {
    const { id, frame, field } = of;
    const { value, row } = countOf(of, toCount);
    const { mode, fixedColor } = field.config.color ?? {};
    // The text's color is what the plugin gives every field of a new panel: nobody chose it for this status.
    const fixed =
      mode === FieldColorModeId.Fixed && fixedColor !== DEFAULT_FIELD_COLOR ? fixedColor : undefined;
    return {
      id,
      value,
      label: isShared ? id : (names[place] ?? id),
      members: [id],
      color: mappingColors(field, theme)(value) ?? fixed,
      field,
      source: { frame, row, column: frame.fields.indexOf(field), fields: [field] },
    };
  });
}

/** What Prometheus calls a series that nobody gave a legend. */
const ALL_LABELS = /^[\w:]*\{.*\}$/;

/** The name that an override or a query's legend gives a column, else its status. */
function nameOfColumn({ id, frame, field }: StatusColumn, series: DataFrame[]): string {
  const { displayName, displayNameFromDS = '' } = field.config;
  if (displayName) {
    return getFieldDisplayName(field, frame, series);
  }
  return displayNameFromDS && displayNameFromDS !== field.name && !ALL_LABELS.test(displayNameFromDS)
    ? displayNameFromDS
    : id;
}

/** A missing count is none; some data sources deliver 64-bit counts as text. */
function toCount(value: unknown): number {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof count === 'number' && !Number.isNaN(count) ? count : 0;
}
