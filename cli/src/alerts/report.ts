import {
  describeCondition,
  describeInstance,
  episodesOf,
  firingPerWeek,
  limitFor,
  messagesOf,
  transitionsOf,
  type By,
  type Rule,
  type RuleRun,
} from '@rastreio/alerts';
import type { JsonObject } from '@rastreio/grafana/rules';

/** One time that an instance was not normal; instants in ISO 8601, null where there was none. */
interface EpisodeRow {
  readonly instance: string;
  readonly kind: 'Alerting' | 'NoData' | 'Error';
  readonly pending: string | null;
  readonly firing: string | null;
  readonly resolved: string | null;
  readonly value: number | null;
}

export interface RuleReport {
  readonly uid: string;
  readonly title: string;
  readonly fires: string;
  readonly ends: string | null;
  readonly interval_seconds: number;
  readonly every_seconds: number;
  readonly evaluations: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly episodes: readonly EpisodeRow[];
  readonly transitions: readonly {
    readonly at: string;
    readonly instance: string;
    readonly from: string;
    readonly to: string;
    readonly reason: string;
    readonly value: number | null;
  }[];
  readonly notifications: {
    readonly firing: number;
    readonly resolved: number;
    readonly firing_per_week: number;
  };
  /** Undefined: not asked for. Null: no limit tells so seldom. */
  readonly limit?: {
    readonly fires: string;
    readonly ends: string | null;
    readonly firing_per_week: number;
  } | null;
}

/** What came of it all. */
export interface Report {
  readonly from: string;
  readonly to: string;
  readonly time_zone: string;
  readonly by: By;
  readonly late_share: number;
  readonly events: number;
  readonly removed_before: string | null;
  readonly at_most: number | null;
  readonly rules: readonly RuleReport[];
  readonly left: readonly string[];
  readonly differences: readonly { readonly what: string; readonly source: number; readonly copy: number }[];
  readonly seconds: number;
}

interface Findings extends Pick<Report, 'by' | 'left' | 'differences' | 'events'> {
  readonly runs: readonly RuleRun[];
  readonly policies: JsonObject;
  readonly lateShare: number;
  readonly span: { readonly fromMs: number; readonly toMs: number };
  readonly timeZone: string;
  readonly removedBeforeMs: number | undefined;
  readonly atMost: number | undefined;
  readonly seconds: () => number;
}

/** Turns what the runs recorded into episodes, notifications and limits. */
export function reportOf(findings: Findings): Report {
  const { span, by, lateShare, timeZone, events, removedBeforeMs, atMost, left, differences } = findings;
  const rules = findings.runs.map((run) => ruleReport(run, findings));
  return {
    from: iso(span.fromMs) ?? '',
    to: iso(span.toMs) ?? '',
    time_zone: timeZone,
    by,
    late_share: round(lateShare),
    events,
    removed_before: iso(removedBeforeMs),
    at_most: atMost ?? null,
    rules,
    left,
    differences,
    seconds: round(findings.seconds()),
  };
}

function ruleReport(
  { rule, everyMs, recording, errors }: RuleRun,
  { policies, span, atMost }: Findings,
): RuleReport {
  const transitions = transitionsOf(recording, rule);
  const episodes = episodesOf(transitions);
  const messages = messagesOf(rule, episodes, policies, span.toMs);
  return {
    uid: rule.uid,
    title: rule.title,
    ...limitsOf(rule),
    interval_seconds: rule.intervalMs / 1000,
    every_seconds: everyMs / 1000,
    evaluations: recording.length,
    errors: Object.fromEntries(errors),
    episodes: episodes.map(({ key, kind, pendingMs, firingMs, endedMs, value }) => ({
      instance: describeInstance(key),
      kind,
      pending: iso(pendingMs),
      firing: iso(firingMs),
      resolved: iso(endedMs),
      value: value ?? null,
    })),
    transitions: transitions.map(({ atMs, key, from, to, reason, value }) => ({
      at: new Date(atMs).toISOString(),
      instance: key,
      from,
      to,
      reason,
      value: value ?? null,
    })),
    notifications: {
      firing: messages.filter(({ kind }) => kind === 'firing').length,
      resolved: messages.filter(({ kind }) => kind === 'resolved').length,
      firing_per_week: round(firingPerWeek(messages, span)),
    },
    ...(atMost === undefined
      ? {}
      : { limit: limitReport(limitFor(recording, rule, policies, atMost, span)) }),
  };
}

function limitReport(found: ReturnType<typeof limitFor>): NonNullable<RuleReport['limit']> | null {
  return found === undefined ? null : { ...limitsOf(found.rule), firing_per_week: round(found.perWeek) };
}

function limitsOf({ fires, ends }: Rule): { readonly fires: string; readonly ends: string | null } {
  return { fires: describeCondition(fires), ends: ends === undefined ? null : describeCondition(ends) };
}

function iso(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
