import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { loadYaml, parseYaml, type Log } from '@rastreio/runtime';
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
  // `keys:` with nothing below it is what stays when the last entry is taken out.
  keys: z
    .array(entrySchema)
    .nullable()
    .transform((keys) => keys ?? [])
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
  /** Null while the keys are good, else since when and why the file cannot be read; then no key is good any more. */
  readonly lapsed: () => string | null;
  readonly close: () => void;
}

export interface KeyRingOptions {
  readonly file: string;
  /** How long the keys that were read last stay good while their file cannot be read, in milliseconds. */
  readonly graceMs: number;
  readonly log: Log;
  /** Told after each look at the file: its keys, and whether it could be read. */
  readonly onRead?: (keys: number, readable: boolean) => void;
  readonly now?: () => number;
  readonly watchIntervalMs?: number;
}

/** How often the file is looked at for a change. */
const WATCH_INTERVAL_MS = 2_000;
/** How often a file that cannot be read is told of. */
const TELL_AGAIN_MS = 60_000;

/**
 * Reads the keys and goes on watching the file: keys are added and taken away without a restart, the last one too. While a
 * changed file is wrong or gone, which is logged again and again, the keys before it stay for `graceMs`; then none is good.
 *
 * @throws OperatorError (exit code 78) with every problem and its line
 */
export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const { file, graceMs, log, onRead, now = Date.now, watchIntervalMs = WATCH_INTERVAL_MS } = options;
  let entries = (await loadYaml(file, fileSchema)).keys.map(toEntry);
  let text: string | undefined;
  let failing: { readonly since: number; readonly why: string; toldAt: number } | undefined;
  const tellKeys = () => {
    if (entries.length === 0) log.warn({ file }, 'the file holds no key: every carrier is refused');
    else log.info({ file, keys: entries.length }, 'keys read');
    onRead?.(entries.length, true);
  };
  const fail = (error: unknown) => {
    const at = now();
    failing = {
      since: failing?.since ?? at,
      why: (error as Error).message,
      toldAt: failing?.toldAt ?? -Infinity,
    };
    onRead?.(entries.length, false);
    if (at - failing.toldAt < TELL_AGAIN_MS) return;
    failing.toldAt = at;
    const leftSeconds = Math.max(0, Math.round((failing.since + graceMs - at) / 1000));
    log.error(
      { err: error, file, leftSeconds },
      'the keys cannot be read; those before stay for leftSeconds, then no key is good',
    );
  };
  const look = async () => {
    try {
      const read = await readFile(file, 'utf8');
      if (read === text) return;
      entries = parseYaml(file, read, fileSchema).keys.map(toEntry);
      text = read;
      failing = undefined;
      tellKeys();
    } catch (error) {
      // Read again at the next look, changed or not: a disk that was away comes back without a change.
      text = undefined;
      fail(error);
    }
  };
  tellKeys();
  // The text, not its time: a mounted secret is swapped by a link, and a clock may stand still.
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look().finally(() => (looking = false));
  }, watchIntervalMs);
  timer.unref();
  const lapsed = () => {
    if (failing === undefined || now() - failing.since < graceMs) return null;
    return `the keys cannot be read since ${new Date(failing.since).toISOString()}, so none is good: ${failing.why}`;
  };
  return {
    lapsed,
    find(key) {
      if (lapsed() !== null) return undefined;
      const hash = hashKey(key);
      let found: Carrier | undefined;
      // All of them, always: an early end would tell how far a guess got.
      for (const entry of entries)
        if (timingSafeEqual(entry.hash, hash) && now() < entry.expiresMs) found = entry.carrier;
      return found;
    },
    close: () => clearInterval(timer),
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
