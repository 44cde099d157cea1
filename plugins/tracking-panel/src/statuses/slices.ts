import {
  type DataFrame,
  type Field,
  type FieldConfigSource,
  FieldMatcherID,
  formattedValueToString,
  getFieldDisplayName,
  type GrafanaTheme2,
} from '@grafana/data';
import { t } from '@grafana/i18n';
import { cleanStatus } from '@rastreio/contract/src/clean';
import { textColorOn } from '../shared/contrast';
import { mappingColors } from '../shared/fields';
import { numberFormatOf } from '../shared/locale';
import { type TrackingOptions } from '../types';
import { createGrouping } from './grouping';
import { type SliceSort } from './options';
import { gatherOthers, nameOfRest, othersSlice, sumOfCounts } from './others';
import { hashColor, OTHERS_COLOR, statusColor } from './palette';
import { patternOf } from './patterns';
import { largestRemainderShares } from './percent';
import { readStatuses, type ReadStatus } from './read';
import { type StatusRole } from './roleTypes';
import { type Slice, type SliceSet } from './types';

/** Builds the slices of a status frame: rows of one status are added up, colors follow the status's text. */
export function buildSlices(
  role: StatusRole,
  series: DataFrame[],
  options: TrackingOptions,
  theme: GrafanaTheme2,
  group = createGrouping(),
  overrides: FieldConfigSource['overrides'] = []
): SliceSet {
  const unit = 10 ** options.pie.percentDecimals;
  const missing = t('status.missing', '(no status)');
  const colorOf = colorsByName(overrides);
  const statuses = inOrder(
    readStatuses(role, series, theme, group).map((status) => ({
      ...status,
      label: status.label || missing,
      color: colorOf(status.label || missing, ...status.members) ?? status.color,
    })),
    options.pie.sort
  );
  const values = statuses.map(({ value }) => value);
  const shares = largestRemainderShares(values, options.pie.percentDecimals);
  const slices = statuses.map((status, place) => sliceOf(status, (shares[place] ?? 0) / unit, theme));
  const total = sumOfCounts(values);
  const valueField = role.kind === 'long' ? role.value : role.columns[0]?.field;
  // Somebody may give the others a color as they do to any status: by a value mapping.
  const { others } = options.titles;
  const othersColor =
    colorOf(others) ?? (role.kind === 'long' ? mappingColors(role.status, theme)(others) : undefined);
  const color = theme.visualization.getColorByName(othersColor ?? OTHERS_COLOR);
  // A status of that name would be taken for them.
  const isTaken = statuses.some(({ label }) => cleanStatus(label) === cleanStatus(others));
  const numbers = numberFormatOf(options.numbers);
  const gather = (parts: Slice[]): Slice =>
    othersSlice(parts, {
      label: isTaken ? nameOfRest(others, parts.length, numbers) : others,
      color,
      unit,
      format: (value) => (valueField ? formatWith(valueField, value) : String(value)),
    });
  return {
    role,
    slices,
    gather,
    gathered: gatherOthers(slices, options.others, gather),
    othersName: others,
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
  { id, value, label, members, color: chosen, field, rows, source }: ReadStatus,
  percent: number,
  theme: GrafanaTheme2
): Slice {
  // One without a name looks the same in every language.
  const text = members.some(Boolean) ? textForLook(label, members) : '';
  const color = theme.visualization.getColorByName(chosen ?? statusColor(text) ?? hashColor(text));
  const hide: { legend?: boolean; tooltip?: boolean } | undefined = field.config.custom?.hideFrom;
  return {
    id,
    label,
    members,
    value,
    valueText: formatWith(field, value),
    percent,
    color,
    textColor: textColorOn(color),
    rows,
    source,
    pattern: patternOf(text),
    hiddenFrom: { legend: hide?.legend === true, tooltip: hide?.tooltip === true },
  };
}

/**
 * The text that color and pattern follow: that of a status which the catalogue knows, whatever it is called, else the name.
 * Of several with one name it is the name too, for which of them there are depends on the data.
 */
function textForLook(label: string, members: readonly string[]): string {
  const [status = label] = members;
  return members.length === 1 && statusColor(status) !== undefined ? status : label;
}

/** The colors that overrides give by the name of a status, as Grafana's pie has them: the first that is set counts. */
function colorsByName(overrides: FieldConfigSource['overrides']): (...names: string[]) => string | undefined {
  const colors = new Map<string, string>();
  for (const { matcher, properties } of overrides) {
    const color: unknown = properties.find(({ id }) => id === 'color')?.value?.fixedColor;
    if (matcher.id === FieldMatcherID.byName && typeof color === 'string' && !colors.has(matcher.options)) {
      colors.set(matcher.options, color);
    }
  }
  return (...names) => names.map((name) => colors.get(name)).find((color) => color !== undefined);
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
