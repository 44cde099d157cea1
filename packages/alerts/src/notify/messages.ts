import type { JsonObject } from '@rastreio/grafana/rules';
import { labelsOf } from '../rule/math';
import type { Rule } from '../rule/rule';
import type { Episode } from '../state/episodes';
import { routesOf, type Route } from './route';

/** A notification: one message about all alerts of a group. */
export interface Message {
  readonly atMs: number;
  /** Whether anything in it fires; else it says that all is over. */
  readonly kind: 'firing' | 'resolved';
  readonly alerts: number;
}

interface Alert {
  readonly fromMs: number;
  readonly toMs: number;
  /** Its set of labels. */
  readonly id: string;
}

/**
 * The notifications that a rule's episodes make, as Grafana's Alertmanager groups and repeats them (pkg dispatch and notify of
 * prometheus/alertmanager): the first after group_wait, then at each group_interval where something is new, else after
 * repeat_interval. Mute timings and silences are not applied.
 *
 * @param endMs until when time goes on
 */
export function messagesOf(
  rule: Pick<Rule, 'title' | 'folder' | 'labels' | 'settings'>,
  episodes: readonly Episode[],
  policies: JsonObject,
  endMs: number,
): readonly Message[] {
  const groups = new Map<string, { readonly route: Route; readonly alerts: Alert[] }>();
  for (const episode of episodes) {
    if (episode.firingMs === undefined) continue;
    const labels = alertLabels(rule, episode);
    const alert = { fromMs: episode.firingMs, toMs: episode.endedMs ?? Infinity, id: JSON.stringify(labels) };
    for (const route of routesOf(policies, labels, rule.settings)) {
      const key = `${route.id} ${groupKey(route, labels)}`;
      const group = groups.get(key) ?? { route, alerts: [] };
      groups.set(key, group);
      group.alerts.push(alert);
    }
  }
  return [...groups.values()]
    .flatMap(({ route, alerts }) => [...messagesOfGroup(route, alerts, endMs)])
    .sort((a, b) => a.atMs - b.atMs);
}

/** What Alertmanager gets of an instance. Alerts for no data and errors have names of their own. */
function alertLabels(
  { title, folder, labels }: Pick<Rule, 'title' | 'folder' | 'labels'>,
  { key, kind }: Episode,
): Readonly<Record<string, string>> {
  const all = { ...labelsOf(key), ...labels, grafana_folder: folder };
  if (kind === 'Alerting') return { ...all, alertname: title };
  return { ...all, alertname: `Datasource${kind}`, rulename: title };
}

function groupKey({ groupBy }: Route, labels: Readonly<Record<string, string>>): string {
  const names = groupBy.includes('...') ? Object.keys(labels).sort() : groupBy;
  return JSON.stringify(names.map((name) => [name, labels[name] ?? '']));
}

/** The messages of one group: a literal run of its timer. */
function* messagesOfGroup(route: Route, alerts: readonly Alert[], endMs: number): Generator<Message, void> {
  const waiting = [...alerts].sort((a, b) => a.fromMs - b.fromMs);
  let there: Alert[] = [];
  let told = { firing: new Set<string>(), resolved: new Set<string>(), atMs: -Infinity };
  let flushMs = Infinity;
  let next = 0;
  for (;;) {
    // A group that was empty begins to wait at its first alert.
    if (there.length === 0) flushMs = (waiting[next]?.fromMs ?? Infinity) + route.groupWaitMs;
    if (flushMs > endMs) return;
    for (; (waiting[next]?.fromMs ?? Infinity) <= flushMs; next++) {
      const alert = waiting[next] as Alert;
      // The same labels again take the place of what was resolved.
      there = [...there.filter(({ id }) => id !== alert.id), alert];
    }
    const firing = new Set(there.filter(({ toMs }) => toMs > flushMs).map(({ id }) => id));
    const resolved = new Set(there.filter(({ toMs }) => toMs <= flushMs).map(({ id }) => id));
    if (isNews(told, firing, resolved, flushMs - told.atMs >= route.repeatIntervalMs)) {
      told = { firing, resolved, atMs: flushMs };
      yield { atMs: flushMs, kind: firing.size > 0 ? 'firing' : 'resolved', alerts: there.length };
    }
    there = there.filter(({ toMs }) => toMs > flushMs);
    // Ticks at which nothing can be new are passed over.
    const soonest = Math.min(
      waiting[next]?.fromMs ?? Infinity,
      told.atMs + route.repeatIntervalMs,
      ...there.map(({ toMs }) => toMs),
    );
    const ticks = Math.max(1, Math.ceil((soonest - flushMs) / route.groupIntervalMs));
    if (there.length > 0) flushMs += ticks * route.groupIntervalMs;
  }
}

function isNews(
  told: { readonly firing: ReadonlySet<string>; readonly resolved: ReadonlySet<string> },
  firing: ReadonlySet<string>,
  resolved: ReadonlySet<string>,
  isTimeToRepeat: boolean,
): boolean {
  if (![...firing].every((id) => told.firing.has(id))) return true;
  if (firing.size === 0) return told.firing.size > 0;
  return ![...resolved].every((id) => told.resolved.has(id)) || isTimeToRepeat;
}
