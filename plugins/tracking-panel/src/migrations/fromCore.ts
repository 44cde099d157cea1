import { type SliceSort } from '../statuses/options';
import { type TrackingOptions } from '../types';
import { LEGEND_PLACEMENTS, LEGEND_VALUES, PIE_TYPES, SLICE_LABELS, TOOLTIP_MODES } from './choices';
import { isGroup, type Loose } from './repair';

type Groups = { [Group in keyof TrackingOptions]?: Partial<TrackingOptions[Group]> };

const SORTS: Readonly<Record<string, SliceSort>> = { desc: 'valueDesc', asc: 'valueAsc', none: 'query' };
const CARD_COLORS: Readonly<Record<string, TrackingOptions['cards']['colour']>> = {
  none: 'none',
  value: 'value',
  background: 'background',
  background_solid: 'background',
};

/** What Grafana's pie chart was set to, in this panel's options; what has no counterpart keeps its default. Pure. */
export function fromPieChart(options: Loose): Groups {
  const sort = typeof options.sort === 'string' ? SORTS[options.sort] : undefined;
  const type = oneOf(PIE_TYPES, options.pieType);
  const labels = Array.isArray(options.displayLabels)
    ? someOf(SLICE_LABELS, options.displayLabels)
    : undefined;
  const legend = isGroup(options.legend) ? fromLegend(options.legend) : undefined;
  const tooltip = isGroup(options.tooltip) ? fromTooltip(options.tooltip) : undefined;
  const pie = { ...(type && { type }), ...(sort && { sort }), ...(labels && { labels }) };
  return {
    ...(Object.keys(pie).length > 0 && { pie }),
    ...(legend && { legend }),
    ...(tooltip && { tooltip }),
    ...fromReduceOptions(options.reduceOptions),
  };
}

/** What Grafana's stat panel was set to. Pure. */
export function fromStat(options: Loose): Groups {
  const color = typeof options.colorMode === 'string' ? CARD_COLORS[options.colorMode] : undefined;
  const cards = {
    ...(color && { colour: color }),
    ...(options.justifyMode === 'center' && { align: 'center' as const }),
    ...(typeof options.graphMode === 'string' && { sparkline: options.graphMode !== 'none' }),
  };
  return Object.keys(cards).length > 0 ? { cards } : {};
}

function fromLegend(legend: Loose): Groups['legend'] {
  const { displayMode, showLegend } = legend;
  const placement = oneOf(LEGEND_PLACEMENTS, legend.placement);
  return {
    // Old dashboards hid the legend by its mode.
    show: showLegend !== false && displayMode !== 'hidden',
    ...((displayMode === 'list' || displayMode === 'table') && { mode: displayMode }),
    ...(placement && { placement }),
    ...(typeof legend.width === 'number' && { width: legend.width }),
    ...(Array.isArray(legend.values) && { values: someOf(LEGEND_VALUES, legend.values) }),
  };
}

function fromTooltip({ mode, hideZeros }: Loose): Groups['tooltip'] {
  const known = oneOf(TOOLTIP_MODES, mode);
  return { ...(known && { mode: known }), ...(typeof hideZeros === 'boolean' && { hideZeros }) };
}

/** A pie of all rows that is limited to one field by name, `/^total$/`, counts by that field. */
function fromReduceOptions(reduce: unknown): Groups {
  const fields = isGroup(reduce) && typeof reduce.fields === 'string' ? reduce.fields : '';
  const name = /^\/\^(.*)\$\/$/.exec(fields)?.[1]?.replace(/\\(.)/g, '$1');
  return name ? { data: { valueField: name } } : {};
}

const oneOf = <T extends string>(choices: readonly T[], value: unknown): T | undefined =>
  choices.find((choice) => choice === value);

const someOf = <T extends string>(choices: readonly T[], values: unknown[]): T[] =>
  choices.filter((choice) => values.includes(choice));
