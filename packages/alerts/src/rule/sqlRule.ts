import { EXIT, OperatorError } from '@rastreio/runtime';
import type { Rule } from './rule';

export interface SqlRule {
  readonly sql: string;
  /** For messages and as the alert's name. */
  readonly title: string;
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  readonly forMs: number;
  readonly keepFiringMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

/**
 * A rule of plain SQL with a limit: fires above `above` and, where `below` is given too, ends only below that; with `below` alone it
 * fires below it. No row is no alert.
 *
 * @throws OperatorError (2) when there is no limit, or the second is not below the first
 */
export function sqlRule({ sql, title, above, below, forMs, keepFiringMs }: SqlRule): Rule {
  if (above === undefined && below === undefined)
    throw new OperatorError(
      'Give the limit of the SQL: --above N, or --below N for what is too low',
      EXIT.usage,
    );
  if (above !== undefined && below !== undefined && below > above)
    throw new OperatorError(
      `--below ${below} is above --above ${above}: the alert fires above the one and ends below the other`,
      EXIT.usage,
    );
  return {
    uid: title,
    title,
    folder: 'Rastreio',
    source: { kind: 'query', sql, format: 'table', rangeFromMs: DAY_MS, rangeToMs: 0, stepMs: MINUTE_MS },
    fires: above === undefined ? { type: 'lt', params: [below ?? NaN] } : { type: 'gt', params: [above] },
    ends: above === undefined || below === undefined ? undefined : { type: 'lt', params: [below] },
    intervalMs: MINUTE_MS,
    forMs,
    keepFiringMs,
    noData: 'OK',
    onError: 'Error',
    missingEvaluations: 2,
    labels: {},
  };
}
