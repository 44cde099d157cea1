import {
  type DataFrame,
  type Field,
  FieldColorModeId,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
  type GrafanaTheme2,
} from '@grafana/data';
import { DEFAULT_FIELD_COLOUR } from '../constants';
import { mappingColours } from '../shared/fields';
import { type createGrouping } from './grouping';
import { type LongRole, type StatusRole, type WideRole } from './role';

type Group = ReturnType<typeof createGrouping>;

/**
 * The statuses of a frame in columns, in the query's order: ten thousand objects cost more than all that is drawn of
 * them, so that everything but identity and count is made when it is asked for.
 */
export interface StatusColumns {
  ids: readonly string[];
  /** Sum of each status's rows. */
  values: readonly number[];
  /** Place of a status; undefined for one that is not in the data. */
  indexOf: (id: string) => number | undefined;
  /** What to call a status: the value mapping's text, else the status itself. */
  labelOf: (index: number) => string;
  /** The colour that a mapping or an override gives it. */
  colourOf: (index: number) => string | undefined;
  /** The field of its count. */
  fieldOf: (index: number) => Field;
  /** Rows of the frame that were added up; none for statuses in columns. */
  rowsOf: (index: number) => number[] | undefined;
}

/** Reads the statuses of a frame; rows of one status are added up. */
export function readStatuses(role: StatusRole, series: DataFrame[], theme: GrafanaTheme2, group: Group): StatusColumns {
  return role.kind === 'long' ? readLong(role, theme, group) : readWide(role, series, theme);
}

function readLong({ status, value }: LongRole, theme: GrafanaTheme2, group: Group): StatusColumns {
  const raw = status.values;
  const counts: ArrayLike<unknown> = value.values;
  const { ids, firstRows, placeOfRow, indexOf } = group(raw);
  const values: number[] = ids.map(() => 0);
  for (let row = 0; row < placeOfRow.length; row++) {
    const place = placeOfRow[row] ?? 0;
    values[place] = (values[place] ?? 0) + toCount(counts[row]);
  }
  const rows = remembered(() => rowsByPlace(placeOfRow, ids.length));
  const mapped = mappingColours(status, theme);
  // Nothing can change the text of such a field.
  const isPlain = status.type === FieldType.string && !status.config.mappings?.length && !status.config.unit;
  const rawOf = (index: number): unknown => raw[firstRows[index] ?? -1];
  return {
    ids,
    values,
    indexOf,
    labelOf: (index) => {
      const id = ids[index] ?? '';
      const display = isPlain ? undefined : status.display?.(rawOf(index));
      return (display && formattedValueToString(display)) || id;
    },
    colourOf: (index) => mapped(rawOf(index)),
    fieldOf: () => value,
    rowsOf: (index) => (ids.length === raw.length ? [firstRows[index] ?? 0] : rows()[index]),
  };
}

function rowsByPlace(placeOfRow: Uint32Array, count: number): number[][] {
  const rows = Array.from({ length: count }, (): number[] => []);
  placeOfRow.forEach((place, row) => rows[place]?.push(row));
  return rows;
}

function readWide(role: WideRole, series: DataFrame[], theme: GrafanaTheme2): StatusColumns {
  const fields = role.values;
  const ids = fields.map(({ name }) => name);
  const values = fields.map((field) => toCount(field.values[0]));
  const fieldOf = (index: number): Field => {
    const field = fields[index];
    if (!field) {
      throw new RangeError(`No status at ${index}`);
    }
    return field;
  };
  return {
    ids,
    values,
    indexOf: (id) => {
      const index = ids.indexOf(id);
      return index < 0 ? undefined : index;
    },
    labelOf: (index) => getFieldDisplayName(fieldOf(index), role.frame, series),
    colourOf: (index) => {
      const field = fieldOf(index);
      const { mode, fixedColor } = field.config.color ?? {};
      // The text's colour is what the plugin gives every field of a new panel: nobody chose it for this status.
      const fixed = mode === FieldColorModeId.Fixed && fixedColor !== DEFAULT_FIELD_COLOUR ? fixedColor : undefined;
      return mappingColours(field, theme)(values[index]) ?? fixed;
    },
    fieldOf,
    rowsOf: () => undefined,
  };
}

/** A missing count is none; some data sources deliver 64-bit counts as text. */
function toCount(value: unknown): number {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof count === 'number' && !Number.isNaN(count) ? count : 0;
}

/** The same answer, made when it is first asked for. */
export function remembered<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
