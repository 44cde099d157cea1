import { asList, asObject, asText, sorted, without, type Json, type JsonObject } from './json';

/** What Grafana gives a dashboard and no file holds. */
const OF_GRAFANA = ['id', 'version', 'iteration', 'gnetId'] as const;

/** A dashboard in the form of the files: as Grafana's screen saves it, without what differs from one Grafana to the next. */
export function dashboardForm(dashboard: JsonObject): JsonObject {
  const panels = mapPanels(dashboard, (panel) => (isCore(panel) ? without(panel, 'pluginVersion') : panel));
  return asObject(sorted(without(panels, ...OF_GRAFANA)));
}

/**
 * The dashboard with the version that a Grafana writes into its own panels as soon as they are drawn. Without it, a person who edits
 * one word would be shown a change in every panel.
 */
export function withCoreVersion(dashboard: JsonObject, version: string): JsonObject {
  return mapPanels(dashboard, (panel) => (isCore(panel) ? { ...panel, pluginVersion: version } : panel));
}

/** Plugins that come from elsewhere are named `<organisation>-<name>-panel`; rows are no plugins. */
function isCore(panel: JsonObject): boolean {
  const type = asText(panel.type);
  return type !== 'row' && !type.endsWith('-panel');
}

/** Changes every panel, those of collapsed rows too. */
function mapPanels(holder: JsonObject, change: (panel: JsonObject) => JsonObject): JsonObject {
  if (holder.panels === undefined) return holder;
  return {
    ...holder,
    panels: asList(holder.panels).map((panel) => mapPanels(change(asObject(panel)), change)),
  };
}

/** The text of a dashboard's file. */
export function dashboardText(dashboard: JsonObject): string {
  return `${JSON.stringify(dashboardForm(dashboard) satisfies Json, null, 2)}\n`;
}
