import {
  type DataFrame,
  type Field,
  FieldColorModeId,
  formattedValueToString,
  getFieldDisplayName,
  type GrafanaTheme2,
} from '@grafana/data';
import { DEFAULT_FIELD_COLOR } from '../constants';
import { mappingColors } from '../shared/fields';
import { type createGrouping } from './grouping';
import { type LongRole, type StatusRole, type WideRole } from './role';

type Group = ReturnType<typeof createGrouping>;

/** A status as its frame has it, before its share is known. */
export interface ReadStatus {
  id: string;
  /** Sum of its rows. */
  value: number;
  /** What to call it: the value mapping's text, else the status itself. */
  label: string;
  /** The color that a mapping or an override gives it. */
  color: string | undefined;
  /** The field of its count. */
  field: Field;
  /** Rows of the frame that were added up; none for statuses in columns. */
  rows?: readonly number[];
}

/** Reads the statuses of a frame in the query's order; rows of one status are added up. */
export function readStatuses(
  role: StatusRole,
  series: DataFrame[],
  theme: GrafanaTheme2,
  group: Group
): ReadStatus[] {
  return role.kind === 'long' ? readLong(role, theme, group) : readWide(role, series, theme);
}

function readLong({ status, value: field }: LongRole, theme: GrafanaTheme2, group: Group): ReadStatus[] {
  const raw: ArrayLike<unknown> = status.values;
  const counts: ArrayLike<unknown> = field.values;
  const { ids, rows, placeOfRow } = group(raw);
  const sums: number[] = ids.map(() => 0);
  for (let row = 0; row < placeOfRow.length; row++) {
    const place = placeOfRow[row] ?? 0;
    sums[place] = (sums[place] ?? 0) + toCount(counts[row]);
  }
  const mapped = mappingColors(status, theme);
  return ids.map((id, place) => {
    const first = raw[rows[place]?.[0] ?? -1];
    const display = status.display?.(first);
    return {
      id,
      value: sums[place] ?? 0,
      label: (display && formattedValueToString(display)) || id,
      color: mapped(first),
      field,
      rows: rows[place],
    };
  });
}

function readWide(role: WideRole, series: DataFrame[], theme: GrafanaTheme2): ReadStatus[] {
  return role.values.map((field) => {
    const value = toCount(field.values[0]);
    const { mode, fixedColor } = field.config.color ?? {};
    // The text's color is what the plugin gives every field of a new panel: nobody chose it for this status.
    const fixed =
      mode === FieldColorModeId.Fixed && fixedColor !== DEFAULT_FIELD_COLOR ? fixedColor : undefined;
    return {
      id: field.name,
      value,
      label: getFieldDisplayName(field, role.frame, series),
      color: mappingColors(field, theme)(value) ?? fixed,
      field,
    };
  });
}

/** A missing count is none; some data sources deliver 64-bit counts as text. */
function toCount(value: unknown): number {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof count === 'number' && !Number.isNaN(count) ? count : 0;
}
