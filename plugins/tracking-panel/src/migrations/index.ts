import { type PanelModel } from '@grafana/data';
import { type TrackingOptions } from '../types';
import { fromPieChart, fromStat } from './fromCore';
import { isGroup, type Loose, repairOptions } from './repair';

/** The part of Grafana's panel that a migration reads; `pluginVersion` is empty or missing before the first save. */
type SavedPanel = Pick<PanelModel, 'options'> & { pluginVersion?: string };

/**
 * Brings saved options to this version's. Pure and idempotent; a migration of a later version is a step of its own
 * here, taken when `pluginVersion` is older. Until 0.1.0 nothing was released, so the only step is to repair what was
 * written by hand: options copied from Grafana's pie chart become ours, and unusable values give way to the defaults.
 */
export function migrateOptions({ options }: SavedPanel): Partial<TrackingOptions> {
  const saved: Loose = isGroup(options) ? options : {};
  return isPieChart(saved) ? mergeGroups(fromPieChart(saved), withoutPieChart(saved)) : repairOptions(saved);
}

/** Whether {@link migrateOptions} would change anything, so that it runs for dashboards of this version as well. */
export function needsMigration(panel: SavedPanel): boolean {
  return JSON.stringify(migrateOptions(panel)) !== JSON.stringify(panel.options);
}

/**
 * The options after a change from another visualization: what Grafana's pie chart and stat panel have in common with
 * this one is kept. Options that this panel had before, which Grafana remembers, win.
 */
export function adoptOptions(
  panel: SavedPanel,
  previousPluginId: string,
  previousOptions: Loose
): Partial<TrackingOptions> {
  const own = migrateOptions(panel);
  switch (previousPluginId) {
    case 'piechart':
      return mergeGroups(fromPieChart(previousOptions), own);
    case 'stat':
      return mergeGroups(fromStat(previousOptions), own);
    default:
      return own;
  }
}

const isPieChart = ({ pieType, displayLabels }: Loose) =>
  pieType !== undefined || displayLabels !== undefined;

/** What is left when the pie chart's own options are taken out; both panels have a group `legend`. */
function withoutPieChart(options: Loose): Loose {
  const {
    pieType: _type,
    displayLabels: _labels,
    reduceOptions: _reduce,
    tooltip: _tip,
    sort: _sort,
    ...rest
  } = options;
  const { legend, ...groups } = rest;
  const isOwn = isGroup(legend) && ('show' in legend || 'mode' in legend);
  return repairOptions(isOwn ? rest : groups);
}

/** Two sets of options, the second one's values before the first one's. */
function mergeGroups(first: Loose, second: Loose): Loose {
  const groups = new Set([...Object.keys(first), ...Object.keys(second)]);
  return Object.fromEntries(
    [...groups].map((name) => {
      const [a, b] = [first[name], second[name]];
      return [name, isGroup(a) && isGroup(b) ? { ...a, ...b } : (b ?? a)];
    })
  );
}
