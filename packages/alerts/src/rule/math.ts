import { EvaluationError } from './evaluationError';
import type { Operator } from './rule';

type Values = readonly (readonly [key: string, value: number | null | readonly (number | null)[]])[];
type Labels = Readonly<Record<string, string>>;

const OPERATIONS: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/**
 * Grafana's math on two sides: values whose labels are equal, or of which one set holds the other, are taken together under the larger
 * set; a value alone on each side fits whatever its labels are, and the result has none. No value on one side is none.
 *
 * @throws EvaluationError for a series
 */
export function combine(
  operator: Operator,
  left: Values,
  right: Values,
): readonly (readonly [string, number | null])[] {
  const both = [left, right].map((side) =>
    side.map(([key, value]) => ({ key, labels: labelsOf(key), value: toNumber(value) })),
  );
  const [a = [], b = []] = both;
  const found = a.flatMap((one) =>
    b.flatMap((other): readonly (readonly [string, number | null])[] => {
      const key = larger(one, other);
      return key === undefined ? [] : [[key, apply(operator, one.value, other.value)]];
    }),
  );
  const [one, other] = [a[0], b[0]];
  if (found.length === 0 && a.length === 1 && b.length === 1 && one !== undefined && other !== undefined)
    return [['{}', apply(operator, one.value, other.value)]];
  return found;
}

/** The labels of a key. */
export function labelsOf(key: string): Labels {
  return JSON.parse(key) as Record<string, string>;
}

function apply(operator: Operator, a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : OPERATIONS[operator](a, b);
}

function larger(
  a: { readonly key: string; readonly labels: Labels },
  b: { readonly key: string; readonly labels: Labels },
): string | undefined {
  if (a.key === b.key || holdsAll(a.labels, b.labels)) return a.key;
  return holdsAll(b.labels, a.labels) ? b.key : undefined;
}

function holdsAll(all: Labels, some: Labels): boolean {
  return Object.entries(some).every(([name, value]) => all[name] === value);
}

function toNumber(value: Values[number][1]): number | null {
  if (typeof value === 'object' && value !== null)
    throw new EvaluationError('math on a series; put a reduce expression before it');
  return value;
}
