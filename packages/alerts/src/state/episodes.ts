import { WHOLE_QUERY, type StateName, type Transition } from './machine';

/** One time that an instance left normal until it came back. Instants are epoch milliseconds; undefined: never, or not yet. */
export interface Episode {
  readonly key: string;
  /** `NoData` and `Error` are told under alert names of their own. */
  readonly kind: 'Alerting' | 'NoData' | 'Error';
  readonly pendingMs: number | undefined;
  readonly firingMs: number | undefined;
  /** When it began to recover for the last time. */
  readonly recoveringMs: number | undefined;
  readonly endedMs: number | undefined;
  /** The value with which it fired, else with which it became pending. */
  readonly value: number | undefined;
}

type Draft = { -readonly [Name in keyof Episode]: Episode[Name] };

const FIRING: ReadonlySet<StateName> = new Set(['Alerting', 'Recovering', 'NoData', 'Error']);

/** The episodes of all instances, in the order in which they began. */
export function episodesOf(transitions: readonly Transition[]): readonly Episode[] {
  const open = new Map<string, Draft>();
  const all: Draft[] = [];
  for (const { atMs, key, to, value } of transitions) {
    let episode = open.get(key);
    const kind = to === 'NoData' || to === 'Error' ? to : 'Alerting';
    if (episode !== undefined && (to === 'Normal' || (FIRING.has(to) && episode.kind !== kind))) {
      episode.endedMs = atMs;
      open.delete(key);
      episode = undefined;
    }
    if (to === 'Normal') continue;
    if (episode === undefined) {
      episode = {
        key,
        kind,
        pendingMs: to === 'Pending' ? atMs : undefined,
        firingMs: undefined,
        recoveringMs: undefined,
        endedMs: undefined,
        value,
      };
      open.set(key, episode);
      all.push(episode);
    }
    if (FIRING.has(to) && episode.firingMs === undefined) {
      episode.firingMs = atMs;
      episode.value = value ?? episode.value;
    }
    if (to === 'Recovering') episode.recoveringMs = atMs;
    if (to === 'Alerting') episode.recoveringMs = undefined;
  }
  return all;
}

/** An instance for a person: its labels' values. */
export function describeInstance(key: string): string {
  if (key === WHOLE_QUERY) return '(whole query)';
  const values = Object.values(JSON.parse(key) as Record<string, string>);
  return values.length === 0 ? '(one value)' : values.join(', ');
}
