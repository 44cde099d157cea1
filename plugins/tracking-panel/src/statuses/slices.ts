import {
  type DataFrame,
  type Field,
  formattedValueToString,
  getFieldDisplayName,
  type GrafanaTheme2,
} from '@grafana/data';
import { textColorOn } from '../shared/contrast';
import { mappingColors } from '../shared/fields';
import { type TrackingOptions } from '../types';
import { createGrouping } from './grouping';
import { type SliceSort } from './options';
import { gatherOthers, othersSlice, sumOfCounts } from './others';
import { hashColor, OTHERS_COLOR, statusColor } from './palette';
import { patternOf } from './patterns';
import { largestRemainderShares } from './percent';
import { readStatuses, type ReadStatus } from './read';
import { type StatusRole } from './role';
import { type Slice, type SliceSet } from './types';

/** Builds the slices of a status frame: rows of one status are added up, colors follow the status's text. */
export function buildSlices(
  role: StatusRole,
  series: DataFrame[],
  options: TrackingOptions,
  theme: GrafanaTheme2,
  group = createGrouping()
): SliceSet {
  const unit = 10 ** options.pie.percentDecimals;
  const statuses = inOrder(readStatuses(role, series, theme, group), options.pie.sort);
  const values = statuses.map(({ value }) => value);
  const shares = largestRemainderShares(values, options.pie.percentDecimals);
  const slices = statuses.map((status, place) => sliceOf(status, (shares[place] ?? 0) / unit, theme));
  const total = sumOfCounts(values);
  const valueField = role.kind === 'long' ? role.value : role.values[0];
  // Somebody may give the others a color as they do to any status: by a value mapping.
  const othersColor =
    role.kind === 'long' ? mappingColors(role.status, theme)(options.titles.others) : undefined;
  const color = theme.visualization.getColorByName(othersColor ?? OTHERS_COLOR);
  const gather = (parts: Slice[]): Slice =>
    othersSlice(parts, {
      label: options.titles.others,
      color,
      unit,
      format: (value) => (valueField ? formatWith(valueField, value) : String(value)),
    });
  return {
    role,
    slices,
    gather,
    gathered: gatherOthers(slices, options.others, gather),
    total,
    totalDisplay: valueField?.display?.(total) ?? { text: String(total), numeric: total },
    columns:
      role.kind === 'long'
        ? {
            status: getFieldDisplayName(role.status, role.frame, series),
            value: getFieldDisplayName(role.value, role.frame, series),
          }
        : { status: 'status_rastreamento', value: 'total_pacotes' },
  };
}

function sliceOf(
  { id, value, label, color: chosen, field, rows }: ReadStatus,
  percent: number,
  theme: GrafanaTheme2
): Slice {
  const color = theme.visualization.getColorByName(chosen ?? statusColor(id) ?? hashColor(id));
  const hide: { legend?: boolean; tooltip?: boolean } | undefined = field.config.custom?.hideFrom;
  return {
    id,
    label,
    value,
    valueText: formatWith(field, value),
    percent,
    color,
    textColor: textColorOn(color),
    rows,
    pattern: patternOf(id),
    hiddenFrom: { legend: hide?.legend === true, tooltip: hide?.tooltip === true },
  };
}

/** The statuses in the order of drawing, equal values by name, so that a refresh never swaps two of them. */
function inOrder(statuses: ReadStatus[], sort: SliceSort): ReadStatus[] {
  const byId = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const byName = (a: ReadStatus, b: ReadStatus) => collator.compare(a.label, b.label) || byId(a.id, b.id);
  switch (sort) {
    case 'query':
      return statuses;
    case 'name':
      return statuses.sort(byName);
    case 'valueAsc':
      return statuses.sort((a, b) => a.value - b.value || byName(a, b));
    case 'valueDesc':
      return statuses.sort((a, b) => b.value - a.value || byName(a, b));
  }
}

// One fixed language: the order of slices must not depend on who looks at them.
export const collator = new Intl.Collator('pt-BR', { numeric: true });

function formatWith(field: Field, value: number): string {
  return field.display ? formattedValueToString(field.display(value)) : String(value);
}
