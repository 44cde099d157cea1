import { holds } from '../rule/condition';
import type { Policy } from '../rule/rule';

export type StateName = 'Normal' | 'Pending' | 'Alerting' | 'Recovering' | 'NoData' | 'Error';

/** What an evaluation says of one instance. */
type Outcome = 'Normal' | 'Alerting' | 'NoData' | 'Error';

/** An instance of a rule: one set of labels. Instants are epoch milliseconds. */
interface Instance {
  readonly state: StateName;
  /** Why it is in this state, where the condition alone does not say it; Grafana's words, such as `NoData` or `MissingSeries`. */
  readonly reason: string;
  /** Since when it is in this state. */
  readonly sinceMs: number;
  readonly evaluatedMs: number;
}

/** What a rule's query and expressions gave. Null is no value, NaN is one that is no number. */
export type Evaluation =
  | { readonly kind: 'rows'; readonly rows: ReadonlyMap<string, number | null> }
  | { readonly kind: 'no data' }
  | { readonly kind: 'error' };

export interface Transition {
  readonly atMs: number;
  readonly key: string;
  readonly from: StateName;
  readonly to: StateName;
  readonly reason: string;
  /** The instance's value, where the evaluation gave one. */
  readonly value: number | undefined;
}

/** The instances of a rule by the key of their labels. */
export type Instances = Map<string, Instance>;

/** The instance that stands for a query without rows, and for one that failed: Grafana gives it labels that name the query. */
export const WHOLE_QUERY = '{"datasource_uid":"","ref_id":""}';
/** The instance without labels. */
export const NO_LABELS = '{}';

export const MISSING = 'MissingSeries';

/**
 * Evaluates a rule once more, as Grafana 12.2 does (pkg/services/ngalert/state of its public source, described in docs/alerts.md): one
 * instance per row, pending, firing, recovering, hysteresis, no data, errors, and rows that no longer come.
 *
 * @param instances are changed
 * @returns what changed state or reason, in the order of the rows
 */
export function step(
  instances: Instances,
  policy: Policy,
  evaluation: Evaluation,
  nowMs: number,
): Transition[] {
  const transitions: Transition[] = [];
  const rows = evaluation.kind === 'rows' ? evaluation.rows : undefined;
  const move = (key: string, after: Instance) => {
    const before = instances.get(key);
    const from = before?.state ?? 'Normal';
    if (from !== after.state || (before?.reason ?? '') !== after.reason)
      transitions.push({
        atMs: nowMs,
        key,
        from,
        to: after.state,
        reason: after.reason,
        value: rows?.get(key) ?? undefined,
      });
    if (after.reason === MISSING) instances.delete(key);
    else instances.set(key, after);
  };
  for (const [key, outcome] of outcomesOf(instances, policy, evaluation))
    move(key, next(instances.get(key), outcome, policy, nowMs));
  for (const [key, instance] of instances)
    if (instance.evaluatedMs !== nowMs && isStale(instance, policy, nowMs))
      move(key, { state: 'Normal', reason: MISSING, sinceMs: nowMs, evaluatedMs: nowMs });
  return transitions;
}

/** What the evaluation says of which instances. */
function outcomesOf(
  instances: Instances,
  policy: Policy,
  evaluation: Evaluation,
): readonly (readonly [string, Outcome])[] {
  if (evaluation.kind === 'error') {
    if (policy.onError === 'Error') return [[WHOLE_QUERY, 'Error']];
    return ofAll(instances, 'Error', [NO_LABELS]);
  }
  if (evaluation.kind === 'no data') {
    if (policy.noData === 'NoData') return [[WHOLE_QUERY, 'NoData']];
    return ofAll(instances, 'NoData', [WHOLE_QUERY]);
  }
  const outcomes = [...evaluation.rows].map(
    ([key, value]) => [key, outcomeOf(instances.get(key), policy, value)] as const,
  );
  if (policy.noData === 'NoData' || outcomes.some(([, outcome]) => outcome !== 'NoData')) return outcomes;
  return ofAll(
    instances,
    'NoData',
    outcomes.map(([key]) => key),
  );
}

/** Every instance that there is; where there is none, those that the evaluation names. */
function ofAll(
  instances: Instances,
  outcome: Outcome,
  named: readonly string[],
): readonly (readonly [string, Outcome])[] {
  const keys = instances.size > 0 ? [...instances.keys()] : named;
  return keys.map((key) => [key, outcome] as const);
}

function outcomeOf(instance: Instance | undefined, { fires, ends }: Policy, value: number | null): Outcome {
  if (value === null) return 'NoData';
  if (ends !== undefined && isLoaded(instance)) return holds(ends, value) ? 'Normal' : 'Alerting';
  return holds(fires, value) ? 'Alerting' : 'Normal';
}

/** Whether hysteresis asks the second limit: not while recovering, and not while no data or an error keep it where it is. */
function isLoaded(instance: Instance | undefined): boolean {
  return (
    instance !== undefined &&
    instance.reason === '' &&
    (instance.state === 'Pending' || instance.state === 'Alerting')
  );
}

/** The instance after an evaluation that says this of it. */
function next(instance: Instance | undefined, outcome: Outcome, policy: Policy, nowMs: number): Instance {
  const before = instance ?? { state: 'Normal', reason: '', sinceMs: nowMs, evaluatedMs: nowMs };
  const after = stateAfter(before, outcome, policy, nowMs);
  const keepsLast =
    (outcome === 'NoData' && policy.noData === 'KeepLast') ||
    (outcome === 'Error' && policy.onError === 'KeepLast');
  const unexpected = outcome !== 'Normal' && outcome !== 'Alerting' && after.state !== outcome;
  return {
    ...after,
    reason: unexpected ? (keepsLast ? `${outcome}, KeepLast` : outcome) : '',
    evaluatedMs: nowMs,
  };
}

type Timed = Pick<Instance, 'state' | 'sinceMs'>;

function stateAfter(before: Instance, outcome: Outcome, policy: Policy, nowMs: number): Timed {
  switch (outcome) {
    case 'Normal':
      return normal(before, policy, nowMs);
    case 'Alerting':
      return alerting(before, policy, nowMs);
    case 'NoData':
      return unexpected(before, 'NoData', policy.noData, policy, nowMs);
    case 'Error':
      return unexpected(before, 'Error', policy.onError, policy, nowMs);
  }
}

function unexpected(
  before: Instance,
  outcome: 'NoData' | 'Error',
  wanted: Policy['noData'] | Policy['onError'],
  policy: Policy,
  nowMs: number,
): Timed {
  switch (wanted) {
    case 'Alerting':
      return alerting(before, policy, nowMs);
    case 'OK':
      return normal(before, policy, nowMs);
    case 'KeepLast':
      if (before.state === 'Alerting' || before.state === 'Pending') return alerting(before, policy, nowMs);
      return normal(before, policy, nowMs);
    case 'NoData':
    case 'Error':
      return stay(before, outcome, nowMs);
  }
}

function normal(before: Instance, { keepFiringMs }: Policy, nowMs: number): Timed {
  if (before.state === 'Alerting' && keepFiringMs > 0) return { state: 'Recovering', sinceMs: nowMs };
  if (before.state === 'Recovering' && nowMs - before.sinceMs < keepFiringMs) return before;
  return stay(before, 'Normal', nowMs);
}

function alerting(before: Instance, { forMs }: Policy, nowMs: number): Timed {
  if (before.state === 'Alerting') return before;
  if (before.state === 'Pending')
    return nowMs - before.sinceMs >= forMs ? { state: 'Alerting', sinceMs: nowMs } : before;
  // One that recovers has waited once already.
  const waits = forMs > 0 && before.state !== 'Recovering';
  return { state: waits ? 'Pending' : 'Alerting', sinceMs: nowMs };
}

function stay(before: Instance, state: StateName, nowMs: number): Timed {
  return before.state === state ? before : { state, sinceMs: nowMs };
}

/** An instance in error or without data is given up at the first evaluation without it. */
function isStale({ state, evaluatedMs }: Instance, policy: Policy, nowMs: number): boolean {
  const evaluations = state === 'Error' || state === 'NoData' ? 1 : policy.missingEvaluations;
  return nowMs - evaluatedMs >= evaluations * policy.intervalMs;
}
