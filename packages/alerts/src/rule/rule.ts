import type { Condition } from './condition';

/** What a rule makes of an answer without rows, and of one that failed; Grafana's own words. */
export type NoDataPolicy = 'Alerting' | 'NoData' | 'OK' | 'KeepLast';
export type ErrorPolicy = 'Alerting' | 'Error' | 'OK' | 'KeepLast';

/** How a rule turns what its condition says into states. Durations are milliseconds. */
export interface Policy {
  /** How often Grafana evaluates it. */
  readonly intervalMs: number;
  /** How long the condition must hold before it fires. */
  readonly forMs: number;
  /** How long it goes on firing after the condition no longer holds. */
  readonly keepFiringMs: number;
  readonly noData: NoDataPolicy;
  readonly onError: ErrorPolicy;
  /** After so many evaluations without it an instance is resolved. */
  readonly missingEvaluations: number;
  readonly fires: Condition;
  /** Hysteresis: while it is pending or firing, an instance ends only where this holds. */
  readonly ends?: Condition | undefined;
}

export const REDUCERS = ['last', 'mean', 'min', 'max', 'sum', 'count', 'median'] as const;
export type Reducer = (typeof REDUCERS)[number];

/** Grafana's reduce expression: a series, or a number that is left as it is, becomes one number. */
export interface Reduction {
  readonly reducer: Reducer;
  /** `strict` lets a missing number spoil the result, `drop` leaves it out, `replace` puts a number there. */
  readonly mode: 'strict' | 'drop' | 'replace';
  readonly replaceWith: number;
}

/** How alerts of a rule are told where the rule says it itself; what is left out is inherited. */
export interface RouteSettings {
  readonly groupBy?: readonly string[] | undefined;
  readonly groupWaitMs?: number | undefined;
  readonly groupIntervalMs?: number | undefined;
  readonly repeatIntervalMs?: number | undefined;
}

/** A query of a rule. */
export interface RuleQuery {
  readonly kind: 'query';
  readonly sql: string;
  readonly format: 'table' | 'time_series';
  /** The time range that macros mean, before the instant of evaluation, in milliseconds. */
  readonly rangeFromMs: number;
  readonly rangeToMs: number;
  /** `$__interval`. */
  readonly stepMs: number;
}

/** What a rule compares with its limit: a query, or what expressions make of queries. */
export type Source =
  | RuleQuery
  | { readonly kind: 'reduce'; readonly of: Source; readonly reduction: Reduction }
  | {
      readonly kind: 'math';
      readonly operator: Operator;
      readonly left: Source | number;
      readonly right: Source | number;
    };

export type Operator = '+' | '-' | '*' | '/';

/** The queries of a source, from left to right. */
export function queriesOf(source: Source | number): readonly RuleQuery[] {
  if (typeof source === 'number') return [];
  switch (source.kind) {
    case 'query':
      return [source];
    case 'reduce':
      return queriesOf(source.of);
    case 'math':
      return [...queriesOf(source.left), ...queriesOf(source.right)];
  }
}

/** An alert rule on SQL, whichever place it was read from. */
export interface Rule extends Policy {
  readonly uid: string;
  readonly title: string;
  readonly folder: string;
  readonly source: Source;
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined: the policy tree decides. */
  readonly settings?: RouteSettings | undefined;
}
