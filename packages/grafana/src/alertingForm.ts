import { durationText } from './duration';
import { unsetNames } from './interpolate';
import { asList, asObject, asText, isObject, omit, without, type Json, type JsonObject } from './json';
import { FOLDER, type Unit } from './units';

const DASHBOARD_ANNOTATION = '__dashboardUid__';
const PANEL_ANNOTATION = '__panelId__';
/** What Grafana fills into every query that does not say it. */
const MODEL_DEFAULTS: JsonObject = { intervalMs: 1000, maxDataPoints: 43200, hide: false, queryType: '' };

/** A rule of a file or of Grafana's provisioning API, in one form. */
export function ruleUnit(rule: JsonObject, group: string): Unit {
  const annotations = asObject(rule.annotations);
  const dashboardUid = rule.dashboardUid ?? annotations[DASHBOARD_ANNOTATION];
  const panelId = Number(rule.panelId ?? annotations[PANEL_ANNOTATION] ?? 0);
  const content: JsonObject = {
    group,
    title: rule.title ?? '',
    condition: rule.condition ?? '',
    data: asList(rule.data).map((query) => queryForm(asObject(query))),
    ...(asText(dashboardUid) === '' ? {} : { dashboardUid: dashboardUid as Json, panelId }),
    noDataState: asText(rule.noDataState) || 'NoData',
    execErrState: asText(rule.execErrState) || 'Alerting',
    for: durationText(asText(rule.for)),
    keepFiringFor: durationText(asText(rule.keepFiringFor ?? rule.keep_firing_for)),
    annotations: without(annotations, DASHBOARD_ANNOTATION, PANEL_ANNOTATION),
    labels: asObject(rule.labels),
    isPaused: paused(rule.isPaused),
    notification_settings: isObject(rule.notification_settings)
      ? routeForm(rule.notification_settings)
      : null,
    record: rule.record ?? null,
    missing_series_evals_to_resolve:
      rule.missing_series_evals_to_resolve ?? rule.missingSeriesEvalsToResolve ?? null,
  };
  return {
    kind: 'rule',
    key: asText(rule.uid),
    content: omit(content, (value) => value === null || (isObject(value) && Object.keys(value).length === 0)),
  };
}

/** A rule's content as Grafana's provisioning API takes it. */
export function ruleBody({ key, content }: Unit, orgId: number): JsonObject {
  const { group, dashboardUid, panelId, keepFiringFor, missing_series_evals_to_resolve, ...rest } = content;
  return {
    ...rest,
    data: asList(content.data).map((query) => queryBody(asObject(query))),
    uid: key,
    orgID: orgId,
    folderUID: FOLDER.uid,
    ruleGroup: group ?? '',
    keep_firing_for: keepFiringFor ?? '0s',
    annotations: {
      ...asObject(content.annotations),
      ...(dashboardUid === undefined
        ? {}
        : { [DASHBOARD_ANNOTATION]: dashboardUid, [PANEL_ANNOTATION]: panelNumber(panelId) }),
    },
    ...(missing_series_evals_to_resolve === undefined
      ? {}
      : { missingSeriesEvalsToResolve: missing_series_evals_to_resolve }),
  };
}

/** A truth value, or the text that stands for one: Grafana takes a variable's empty text as false. */
function paused(value: Json | undefined): Json {
  if (typeof value !== 'string' || unsetNames(value).length > 0) return value ?? false;
  return value === 'true';
}

/** A group's own settings. Its interval is a duration in files and seconds in the API. */
export function groupUnit(name: string, interval: Json | undefined): Unit {
  const text = typeof interval === 'number' ? `${interval}s` : asText(interval);
  return { kind: 'group', key: name, content: { interval: durationText(text) } };
}

/** One receiver of a contact point. */
export function contactPointUnit(receiver: JsonObject, name: string): Unit {
  return {
    kind: 'contactPoint',
    key: asText(receiver.uid),
    content: {
      name,
      type: receiver.type ?? '',
      disableResolveMessage: receiver.disableResolveMessage === true,
      settings: omit(asObject(receiver.settings), (value) => value === null || value === ''),
    },
  };
}

/** A mute timing. */
export function muteTimingUnit(timing: JsonObject): Unit {
  return {
    kind: 'muteTiming',
    key: asText(timing.name),
    content: { time_intervals: timing.time_intervals ?? [] },
  };
}

/** A template of messages. Grafana puts one without `define` into one of its name. */
export function templateUnit(template: JsonObject): Unit {
  const name = asText(template.name);
  const text = asText(template.template).trim();
  const defined = /\{\{\s*define/.test(text)
    ? text
    : `{{ define "${name}" }}\n${text
        .split('\n')
        .map((line) => `  ${line}`)
        .join('\n')}\n{{ end }}`;
  return { kind: 'template', key: name, content: { template: defined } };
}

const ROUTE_DURATIONS = ['group_wait', 'group_interval', 'repeat_interval'];

/** A notification policy with those below it, without what says nothing. */
export function routeForm(route: JsonObject): JsonObject {
  const entries = Object.entries(without(route, 'orgId', 'provenance', 'routes')).map(
    ([key, value]): [string, Json] => [
      key,
      ROUTE_DURATIONS.includes(key) ? durationText(asText(value)) : value,
    ],
  );
  const routes = asList(route.routes).map((below) => routeForm(asObject(below)));
  return omit(
    { ...Object.fromEntries(entries), routes },
    (value) =>
      value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0),
  );
}

/** A query with its name in its model too, where the screen's editor looks for it. */
export function queryBody(query: JsonObject): JsonObject {
  return { ...query, model: { refId: query.refId ?? '', ...asObject(query.model) } };
}

function queryForm(query: JsonObject): JsonObject {
  const { from = 0, to = 0 } = asObject(query.relativeTimeRange);
  const refId = asText(query.refId);
  return omit(
    {
      refId,
      queryType: query.queryType ?? '',
      relativeTimeRange: { from, to },
      datasourceUid: query.datasourceUid ?? '',
      model: omit(
        asObject(query.model),
        (value, key) =>
          value === null || value === MODEL_DEFAULTS[key] || (key === 'refId' && value === refId),
      ),
    },
    (value, key) => key === 'queryType' && value === '',
  );
}

function panelNumber(panelId: Json | undefined): string {
  return typeof panelId === 'number' ? String(panelId) : asText(panelId);
}
