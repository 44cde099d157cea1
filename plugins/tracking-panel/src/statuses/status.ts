import { cleanStatus } from '@rastreio/contract/src/clean';

/** A status as the palette and the guesses compare it: the contract's identity of it. */
export const normaliseStatus = cleanStatus;

const encoder = new TextEncoder();

/** A number from 0 to 2^32 - 1 that depends on the cleaned text alone. FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
export function hashStatus(status: string): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(normaliseStatus(status))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}
