import {
  REJECTION_REASONS,
  showValue,
  type Rejection,
  type TrackingEvent,
  type Validated,
} from '@rastreio/contract';
import type { Turns } from './turns';

/** What is wrong with one field of an event. */
export interface EventError {
  readonly field: string | null;
  readonly reason: string;
  /** The value as it was sent, cut to a readable length; absent where it is missing. */
  readonly value?: string;
  readonly rule: string;
  /** Field, value and what would be valid, in one sentence. */
  readonly detail: string;
}

/** What became of one event of a request. `index` counts an array's events from 0, `line` an NDJSON body's lines from 1. */
export interface EventResult {
  readonly index?: number;
  readonly line?: number;
  readonly status: 'accepted' | 'refused';
  /** Absent beyond the first {@link MAX_ERRORS_TOLD} errors of a request. */
  readonly errors?: readonly EventError[];
}

/** The valid events of a request, a result for each of its events, and what was first wrong with each refused one. */
export interface Judgement {
  readonly events: readonly TrackingEvent[];
  readonly results: readonly EventResult[];
  readonly reasons: readonly string[];
}

/** Errors told one by one in an answer: whoever sends more wrong events has made one mistake many times. */
export const MAX_ERRORS_TOLD = 1_000;
/** Events judged in one turn: few enough that the slowest wrong ones do not keep others waiting. */
export const EVENTS_PER_TURN = 20;

/** How many errors an answer may still tell. */
export interface Telling {
  left: number;
}

/** Turns what the validator said of each input into results, a few at a time when it is the sender's turn. */
export async function judge(
  inputs: readonly unknown[],
  validate: (input: unknown) => Validated,
  turns: Turns,
  sender: string,
): Promise<Judgement> {
  const events: TrackingEvent[] = [];
  const results: EventResult[] = [];
  const reasons: string[] = [];
  const telling: Telling = { left: MAX_ERRORS_TOLD };
  const judgeOne = (input: unknown, index: number) => {
    const result = validate(input);
    if (result.ok) {
      events.push(result.event);
      results.push({ index, status: 'accepted' });
      return;
    }
    reasons.push(result.rejections[0].reason);
    results.push({ index, status: 'refused', ...explain(result.rejections, () => input, telling) });
  };
  for (let from = 0; from < inputs.length; from += EVENTS_PER_TURN)
    await turns.take(sender, () =>
      inputs.slice(from, from + EVENTS_PER_TURN).forEach((input, i) => judgeOne(input, from + i)),
    );
  return { events, results, reasons };
}

/**
 * Rejections as the API tells them; nothing where the answer tells enough already.
 * @param input the event as it was sent, to show its values
 */
export function explain(
  rejections: readonly Rejection[],
  input: () => unknown,
  telling: Telling,
): { errors?: EventError[] } {
  if (telling.left <= 0) return {};
  telling.left -= rejections.length;
  const values = input() as Record<string, unknown> | null;
  const errors = rejections.map(({ reason, field, detail }) => {
    const value = field === null ? undefined : values?.[field];
    const rule = REJECTION_REASONS[reason];
    return { field, reason, ...(value === undefined ? {} : { value: showValue(value) }), rule, detail };
  });
  return { errors };
}
