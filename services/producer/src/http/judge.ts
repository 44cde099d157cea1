import {
  REJECTION_REASONS,
  showValue,
  type Rejection,
  type TrackingEvent,
  type Validated,
} from '@rastreio/contract';

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
  readonly errors?: readonly EventError[];
}

/** The valid events of a request, and a result for each of its events. */
export interface Judgement {
  readonly events: readonly TrackingEvent[];
  readonly results: readonly EventResult[];
  readonly refused: number;
}

/** Turns what the validator said of each input into results. */
export function judge(inputs: readonly unknown[], validate: (input: unknown) => Validated): Judgement {
  const events: TrackingEvent[] = [];
  const results = inputs.map((input, index): EventResult => {
    const result = validate(input);
    if (!result.ok) return { index, status: 'refused', errors: explain(result.rejections, input) };
    events.push(result.event);
    return { index, status: 'accepted' };
  });
  return { events, results, refused: inputs.length - events.length };
}

/** Rejections as the API tells them. */
export function explain(rejections: readonly Rejection[], input: unknown): EventError[] {
  return rejections.map(({ reason, field, detail }) => {
    const value = field === null ? undefined : (input as Record<string, unknown> | null)?.[field];
    const rule = REJECTION_REASONS[reason];
    return { field, reason, ...(value === undefined ? {} : { value: showValue(value) }), rule, detail };
  });
}
