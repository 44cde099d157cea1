import type { z } from 'zod';
import { VALID_VALUES, type EventField } from './event';
import { readWholeNumber, SentNumber } from './number';
import { showValue, wrongNumber, type Refusal, type Rejection, type RejectionReason } from './rejection';

/** Turns zod's issues into rejections, one a field: reason code, field, and a sentence with the value and what would be valid. */
export function explainIssues(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
): [Rejection, ...Rejection[]] {
  // A number may break two rules of its field at once: once told is enough.
  const ofFields = issues.filter(
    ({ path }, i) => issues.findIndex((other) => other.path[0] === path[0]) === i,
  );
  const rejections = ofFields.map((issue) => explainIssue(issue, input));
  const [first, ...rest] = rejections;
  if (first === undefined) throw new Error('explainIssues needs at least one issue');
  return [first, ...rest];
}

function explainIssue(issue: z.core.$ZodIssue, input: unknown): Rejection {
  const field = issue.path[0];
  if (typeof field !== 'string' || !(field in VALID_VALUES)) {
    return {
      reason: 'not_an_object',
      field: null,
      detail: `${showValue(input)} is not a JSON object; send one event as {"id_pacote": …}`,
    };
  }
  const value = (input as Record<string, unknown>)[field];
  const { reason, why } = refusalOf(issue, field, value);
  const valid = VALID_VALUES[field as EventField];
  if (reason === 'missing_field')
    return {
      reason,
      field,
      detail: `${field} is missing; send ${valid}${field === 'id_pacote' ? OTHER_NAME : ''}`,
    };
  return {
    reason,
    field,
    detail: `${field} ${showValue(value)} ${why ?? CLAUSES[reason] ?? 'is not accepted'}; send ${valid}`,
  };
}

const OTHER_NAME = ', or transportadora and codigo';

const CLAUSES: Partial<Record<RejectionReason, string>> = {
  wrong_type: 'has the wrong type',
  empty: 'is empty',
  too_long: 'is too long',
  invalid_character: 'holds U+0000 or half a surrogate pair',
  out_of_range: 'is out of range',
  future_timestamp: 'lies in the future',
};

function refusalOf(issue: z.core.$ZodIssue, field: string, value: unknown): Refusal {
  if (issue.code === 'custom') return issue.params as unknown as Refusal;
  if (value === undefined || value === null) return { reason: 'missing_field' };
  if (field === 'id_pacote' && (typeof value === 'number' || value instanceof SentNumber))
    return wrongNumber(readWholeNumber(value instanceof SentNumber ? value.text : String(value)));
  return { reason: 'wrong_type' };
}
