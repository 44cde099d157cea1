import { cleanStatus } from '@rastreio/contract/src/clean';

const encoder = new TextEncoder();

/** A number from 0 to 2^32 - 1 that depends on the cleaned text alone. FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
export function hashStatus(status: string): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(cleanStatus(status))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}
