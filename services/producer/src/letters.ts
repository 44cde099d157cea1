import { createHash } from 'node:crypto';

/** Wrong events that are dead letters already: a list that is read again and again has each of them once. */
export interface Letters {
  readonly has: (raw: Buffer) => boolean;
  /** Call it when Kafka has the letter. */
  readonly add: (raw: Buffer) => void;
  /** For the state file, the oldest first. */
  readonly list: () => readonly string[];
}

/** A few hundred KB of state file. What was not seen for the longest time is forgotten first. */
const MAX_LETTERS = 10_000;
/** 96 bits of SHA-256: enough for ten thousand never to be taken for one another. */
const HASH_LENGTH = 16;

/** Letters known from a list of {@link Letters.list}. */
export function createLetters(known: readonly string[]): Letters {
  const hashes = new Set(known);
  const touch = (hash: string) => {
    hashes.delete(hash);
    hashes.add(hash);
  };
  return {
    has(raw) {
      const hash = hashOf(raw);
      if (!hashes.has(hash)) return false;
      touch(hash);
      return true;
    },
    add(raw) {
      touch(hashOf(raw));
      const [oldest] = hashes;
      if (hashes.size > MAX_LETTERS && oldest !== undefined) hashes.delete(oldest);
    },
    list: () => [...hashes],
  };
}

function hashOf(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('base64url').slice(0, HASH_LENGTH);
}
