import { OperatorError } from '@rastreio/runtime';

/** @throws OperatorError that names what differs */
export function same(what: string, found: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new OperatorError(`${what}: ${a}, and it must be ${b}`);
}
