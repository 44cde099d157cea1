import { asObject, sorted, without, type Json, type JsonObject } from './json';

/** What Grafana gives a dashboard and no file holds. */
const OF_GRAFANA = ['id', 'version', 'iteration', 'gnetId'] as const;

/** A dashboard in the form of the files: as Grafana's screen saves it, without what differs from one Grafana to the next. */
export function dashboardForm(dashboard: JsonObject): JsonObject {
  return asObject(sorted(without(dashboard, ...OF_GRAFANA)));
}

/** The text of a dashboard's file. */
export function dashboardText(dashboard: JsonObject): string {
  return `${JSON.stringify(dashboardForm(dashboard) satisfies Json, null, 2)}\n`;
}
