import { type ChangeAgainst } from './types';

/** How a value stands to another one. */
export interface Change {
  against: ChangeAgainst;
  direction: 'up' | 'down' | 'same';
  /** Value minus reference, in the field's unit. */
  difference: number;
  /** Signed, of the reference's size; undefined where the reference is 0. */
  percent: number | undefined;
  verdict: 'better' | 'worse' | undefined;
}

/**
 * Compares a value with another; undefined where one of them is missing or not finite. The percentage is of the
 * reference's absolute value, so that its sign is always that of the difference.
 */
export function changeOf(
  value: number,
  reference: number,
  against: ChangeAgainst,
  betterIs: 'lower' | 'higher' | 'neither'
): Change | undefined {
  const difference = value - reference;
  if (!Number.isFinite(difference)) {
    return undefined;
  }
  const direction = difference > 0 ? 'up' : difference < 0 ? 'down' : 'same';
  const percent = (difference / Math.abs(reference)) * 100;
  return {
    against,
    direction,
    difference,
    percent: reference !== 0 && Number.isFinite(percent) ? percent : undefined,
    verdict: verdictOf(direction, against, betterIs),
  };
}

function verdictOf(
  direction: Change['direction'],
  against: ChangeAgainst,
  betterIs: 'lower' | 'higher' | 'neither'
): Change['verdict'] {
  if (betterIs === 'neither') {
    return undefined;
  }
  if (direction === 'same') {
    // A target that is hit exactly is met; a value that did not change is neither better nor worse.
    return against === 'target' ? 'better' : undefined;
  }
  return (direction === 'up') === (betterIs === 'higher') ? 'better' : 'worse';
}
