const ONE_PARAMETER = {
  gt: (value: number, limit: number) => value > limit,
  gte: (value: number, limit: number) => value >= limit,
  lt: (value: number, limit: number) => value < limit,
  lte: (value: number, limit: number) => value <= limit,
  eq: (value: number, limit: number) => value === limit,
  ne: (value: number, limit: number) => value !== limit,
} as const;

const TWO_PARAMETERS = {
  within_range: (value: number, from: number, to: number) => value > from && value < to,
  outside_range: (value: number, from: number, to: number) => value < from || value > to,
  within_range_included: (value: number, from: number, to: number) => value >= from && value <= to,
  outside_range_included: (value: number, from: number, to: number) => value <= from || value >= to,
} as const;

export type Evaluator = keyof typeof ONE_PARAMETER | keyof typeof TWO_PARAMETERS;

/** Grafana's threshold: an evaluator and its limits. */
export interface Condition {
  readonly type: Evaluator;
  readonly params: readonly number[];
}

export const EVALUATORS = [
  ...Object.keys(ONE_PARAMETER),
  ...Object.keys(TWO_PARAMETERS),
] as readonly Evaluator[];

/** How many limits an evaluator needs. */
export function parametersOf(type: Evaluator): 1 | 2 {
  return type in ONE_PARAMETER ? 1 : 2;
}

/** Whether a value meets a condition, as Grafana compares: NaN, which an SQL NULL becomes, meets none but `ne`. */
export function holds({ type, params }: Condition, value: number): boolean {
  const [first = NaN, second = NaN] = params;
  if (type in ONE_PARAMETER) return ONE_PARAMETER[type as keyof typeof ONE_PARAMETER](value, first);
  return TWO_PARAMETERS[type as keyof typeof TWO_PARAMETERS](value, first, second);
}

const WORDS: Readonly<Record<Evaluator, string>> = {
  gt: 'above',
  gte: 'at or above',
  lt: 'below',
  lte: 'at or below',
  eq: 'equal to',
  ne: 'other than',
  within_range: 'between',
  outside_range: 'outside',
  within_range_included: 'from',
  outside_range_included: 'at or outside',
};

/** A condition for a person: `above 1`, `between 1 and 2`. */
export function describeCondition({ type, params }: Condition): string {
  return `${WORDS[type]} ${params.slice(0, parametersOf(type)).join(' and ')}`;
}
