import { setTimeout as sleep } from 'node:timers/promises';
import { connectTo } from '@rastreio/database';
import { Client } from 'pg';

export interface Seen {
  /** When each row was first seen, on performance.now()'s clock, in the order of the parcel numbers. */
  readonly atMs: Float64Array;
  /** Time between two looks: a row may have been there for this long before it was seen. */
  readonly gapsMs: readonly number[];
}

const POLL_MS = 5;
/** How long the last rows may take: if they are not there by then, they are lost. */
const PATIENCE_MS = 60_000;

/**
 * Looks for the rows of `count` parcels from `firstId` on, again and again, until all are there. Each look is a range of the
 * primary key that begins at the first row still missing, so it stays small. A time is taken when the answer is here: it is never
 * too early, and late by one gap at the most.
 *
 * @throws Error when nothing new has come for a minute
 */
export async function watchRows(
  databaseUrl: string,
  firstId: number,
  count: number,
  signal: AbortSignal,
): Promise<Seen> {
  const client = new Client(connectTo(databaseUrl));
  await client.connect();
  const atMs = new Float64Array(count);
  const gapsMs: number[] = [];
  let missing = 0;
  let lookedMs = performance.now();
  let newestMs = lookedMs;
  try {
    while (missing < count) {
      signal.throwIfAborted();
      const { rows } = await client.query<{ ids: number[] }>({
        name: 'look',
        text: `SELECT coalesce(array_agg((id_pacote - $1)::integer), '{}') AS ids
               FROM eventos_rastreamento WHERE id_pacote >= $1::bigint + $2 AND id_pacote < $1::bigint + $3`,
        values: [firstId, missing, count],
      });
      const nowMs = performance.now();
      for (const index of rows[0]?.ids ?? []) {
        if (atMs[index] !== 0) continue;
        atMs[index] = nowMs;
        newestMs = nowMs;
      }
      while (atMs[missing] !== 0 && missing < count) missing++;
      gapsMs.push(nowMs - lookedMs);
      lookedMs = nowMs;
      if (nowMs - newestMs > PATIENCE_MS)
        throw new Error(
          `parcel ${firstId + missing} has not come into the database; ${missing} of ${count} had before`,
        );
      await sleep(POLL_MS);
    }
    return { atMs, gapsMs };
  } finally {
    await client.end();
  }
}
