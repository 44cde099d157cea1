import { STATUS_CATALOGUE } from '@rastreio/contract';
import { asList, asObject, asText, isObject, type Json, type JsonObject } from '../json';
import { CONTACTS } from '../notificationEnv';
import {
  panelName,
  ruleName,
  rulesOf,
  textsIn,
  type Finding,
  type LintContext,
  type LintDashboard,
} from './context';

const COLOR = /#[0-9a-f]{3,8}\b|\brgba?\([^)]*\)/gi;
const COLORS: Readonly<Record<string, string>> = Object.fromEntries(
  STATUS_CATALOGUE.map(({ status, color }) => [status, color]),
);

/** Links to dashboards lead to one of ours. */
export function links({ dashboards }: LintContext): readonly Finding[] {
  const uids = new Set(dashboards.map(({ dashboard }) => asText(dashboard.uid)));
  return dashboards.flatMap(({ file, dashboard }) =>
    textsIn(dashboard).flatMap(({ text, path }) =>
      [...text.matchAll(/(?:^|[("'\s/])d\/([\w-]+)/g)]
        .map(([, uid = '']) => uid)
        .filter((uid) => !uids.has(uid))
        .map((uid) => ({
          rule: 'links',
          file,
          where: whereOf(dashboard, path),
          problem: `leads to /d/${uid}, which is none of dashboards/`,
          remedy: `use one of ${[...uids].join(', ')}`,
        })),
    ),
  );
}

/** Statuses have the catalogue's colors, and no other color is written as such: limits and palettes have names. */
export function colors({ dashboards }: LintContext): readonly Finding[] {
  return dashboards.flatMap((dashboard) => [
    ...mappedStatuses(dashboard),
    ...textsIn(dashboard.dashboard)
      .filter(({ path, text }) => !isStatusColor(path) && !isLineOfStatus(dashboard.dashboard, path, text))
      .filter(({ path }) => !isGrafanas(path))
      .flatMap(({ text, path }) =>
        [...text.matchAll(COLOR)].map(([color]) => ({
          rule: 'colors',
          file: dashboard.file,
          where: whereOf(dashboard.dashboard, path),
          problem: `has the color ${color} at ${path.slice(-3).join('.')}`,
          remedy: 'use a name of Grafana’s palette (green, semi-dark-red, text), or map the status itself',
        })),
      ),
  ]);
}

/** Alert rules point at a panel that is there, and at contact points and mute timings that are. */
export function alertTargets(context: LintContext): readonly Finding[] {
  const { dashboards, alerting } = context;
  const panels = new Set(
    dashboards.flatMap(({ dashboard, panels: list }) =>
      list.map(({ id }) => `${asText(dashboard.uid)}/${JSON.stringify(id ?? null)}`),
    ),
  );
  const ofPanels = rulesOf(context)
    .filter(({ rule }) => !panels.has(`${asText(rule.dashboardUid)}/${JSON.stringify(rule.panelId ?? null)}`))
    .map(({ file, rule }) => ({
      rule: 'alert panel',
      file,
      where: ruleName(rule),
      problem: `points at panel ${JSON.stringify(rule.panelId ?? null)} of "${asText(rule.dashboardUid)}", which is not there`,
      remedy: 'set dashboardUid and panelId to a panel that shows its figure',
    }));
  const names = (section: string) =>
    new Set(
      alerting.flatMap(({ content }) =>
        asList(content[section]).map((entry) => asText(asObject(entry).name)),
      ),
    );
  const receivers = names('contactPoints');
  const timings = names('muteTimes');
  const ofPolicies = alerting.flatMap(({ file, content }) =>
    [
      ...asList(content.policies),
      ...rulesOf(context).map(({ rule }) => rule.notification_settings ?? {}),
    ].flatMap((route) => routeFindings(file, asObject(route), receivers, timings)),
  );
  return [...ofPanels, ...ofPolicies];
}

function routeFindings(
  file: string,
  route: JsonObject,
  receivers: ReadonlySet<string>,
  timings: ReadonlySet<string>,
): readonly Finding[] {
  const { receiver, mute_time_intervals, active_time_intervals, routes } = route;
  const missing = [
    ...receiversOf(asText(receiver)).filter((name) => name !== '' && !receivers.has(name)),
    ...[...asList(mute_time_intervals), ...asList(active_time_intervals)]
      .map(asText)
      .filter((name) => !timings.has(name)),
  ];
  return [
    ...missing.map((name) => ({
      rule: 'alert policies',
      file,
      where: 'políticas',
      problem: `name "${name}", which no file defines`,
      remedy: 'add the contact point or mute timing, or correct the name',
    })),
    ...asList(routes).flatMap((below) => routeFindings(file, asObject(below), receivers, timings)),
  ];
}

/** The contact points that a policy may lead to: the environment chooses between two. */
function receiversOf(receiver: string): readonly string[] {
  return receiver === '$ALERT_CONTACT' ? Object.values(CONTACTS) : [receiver];
}

/** Value mappings whose text is a status of the catalogue, with another color. */
function mappedStatuses({ file, dashboard, panels }: LintDashboard): readonly Finding[] {
  const scopes: readonly (readonly [string, JsonObject])[] = [
    ...panels.map((panel) => [panelName(panel), without(panel)] as const),
    ['', { ...dashboard, panels: [] }] as const,
  ];
  return scopes.flatMap(([where, scope]) =>
    mappingsIn(scope)
      .filter(([status, color]) => COLORS[status] !== undefined && COLORS[status] !== color)
      .map(([status, color]) => ({
        rule: 'colors',
        file,
        where,
        problem: `shows ${status} in ${color || 'no color'}`,
        remedy: `use the catalogue's ${COLORS[status] ?? ''}`,
      })),
  );
}

/** Folded rows hold panels, which are looked at by themselves. */
function without(panel: JsonObject): JsonObject {
  return { ...panel, panels: [] };
}

function mappingsIn(value: Json): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(mappingsIn);
  if (!isObject(value)) return [];
  if (value.type === 'value' && isObject(value.options))
    return Object.entries(value.options).map(([status, to]) => [status, asText(asObject(to).color)] as const);
  return Object.values(value).flatMap(mappingsIn);
}

/** `…mappings.0.options.ENTREGUE.color` */
function isStatusColor(path: readonly string[]): boolean {
  const [options, status, color] = path.slice(-3);
  return options === 'options' && color === 'color' && status !== undefined && COLORS[status] !== undefined;
}

/** A line of a chart is colored by an override with the name of its status, in the catalogue's color. */
function isLineOfStatus(dashboard: JsonObject, path: readonly string[], text: string): boolean {
  const at = path.indexOf('properties');
  if (at < 0 || path.at(-1) !== 'fixedColor') return false;
  const override = path.slice(0, at).reduce<Json>((value, key) => entry(value, key), dashboard);
  const { id, options } = asObject(asObject(override).matcher);
  return id === 'byName' && COLORS[asText(options)] === text;
}

function entry(value: Json, key: string): Json {
  return (Array.isArray(value) ? (value as readonly Json[])[Number(key)] : asObject(value)[key]) ?? null;
}

/** The color that Grafana itself gives its own annotations. */
function isGrafanas(path: readonly string[]): boolean {
  return path[0] === 'annotations' && path.at(-1) === 'iconColor';
}

function whereOf(dashboard: JsonObject, path: readonly string[]): string {
  if (path[0] !== 'panels') return path[0] ?? '';
  let panel = asObject(asList(dashboard.panels)[Number(path[1])]);
  if (path[2] === 'panels') panel = asObject(asList(panel.panels)[Number(path[3])]);
  return panelName(panel);
}
