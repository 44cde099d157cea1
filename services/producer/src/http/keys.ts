import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { watchFile, unwatchFile } from 'node:fs';
import { loadYaml, type Log } from '@rastreio/runtime';
import { z } from 'zod';

const entrySchema = z.strictObject({
  carrier: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use 1 to 40 of a-z, 0-9 and -'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'use the 64 hex digits that "npm run key" prints'),
  events_per_minute: z.int().min(1).default(600_000),
  expires: z.iso
    .datetime({ offset: true, error: 'use an instant such as "2027-01-01T00:00:00Z"' })
    .optional(),
});

const fileSchema = z.strictObject({
  keys: z
    .array(entrySchema)
    .min(1, 'give at least one key')
    .refine(
      (keys) => new Set(keys.map((k) => k.sha256)).size === keys.length,
      'two entries have the same sha256',
    ),
});

export interface Carrier {
  readonly name: string;
  readonly eventsPerMinute: number;
}

/** The carriers' keys. Only their hashes are known here. */
export interface KeyRing {
  /** Whose key this is, undefined for an unknown or expired one. Takes the same time for any text of its length. */
  readonly find: (key: string) => Carrier | undefined;
  readonly close: () => void;
}

/** How often the file is looked at for a change. */
const WATCH_INTERVAL_MS = 2_000;

/**
 * Reads the keys and goes on watching the file: keys are added and taken away without a restart. A changed file that is wrong
 * is reported, and the keys before it stay.
 *
 * @throws OperatorError (exit code 78) with every problem and its line
 */
export async function openKeyRing(file: string, log: Log, now: () => number = Date.now): Promise<KeyRing> {
  let entries = (await loadYaml(file, fileSchema)).keys.map(toEntry);
  const reload = async () => {
    try {
      entries = (await loadYaml(file, fileSchema)).keys.map(toEntry);
      log.info({ file, keys: entries.length }, 'keys read again');
    } catch (error) {
      log.error({ err: error }, 'the changed keys are wrong; the ones before stay');
    }
  };
  // Polling also notices a mounted secret, which is swapped by a link.
  watchFile(file, { interval: WATCH_INTERVAL_MS, persistent: false }, () => void reload());
  return {
    find(key) {
      const hash = hashKey(key);
      let found: Carrier | undefined;
      // All of them, always: an early end would tell how far a guess got.
      for (const entry of entries)
        if (timingSafeEqual(entry.hash, hash) && now() < entry.expiresMs) found = entry.carrier;
      return found;
    },
    close: () => unwatchFile(file),
  };
}

interface Entry {
  readonly hash: Buffer;
  readonly expiresMs: number;
  readonly carrier: Carrier;
}

function toEntry({ carrier, sha256, events_per_minute, expires }: z.infer<typeof entrySchema>): Entry {
  return {
    hash: Buffer.from(sha256, 'hex'),
    expiresMs: expires === undefined ? Infinity : Date.parse(expires),
    carrier: { name: carrier, eventsPerMinute: events_per_minute },
  };
}

/** A fresh key of 256 random bits. Unlike a password it cannot be guessed from its hash, so a plain SHA-256 keeps it. */
export function makeKey(): { readonly key: string; readonly sha256: string } {
  const key = `rst_${randomBytes(32).toString('base64url')}`;
  return { key, sha256: hashKey(key).toString('hex') };
}

function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
