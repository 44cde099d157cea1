import { TOPIC_EVENTS } from '@rastreio/contract';
import {
  createWriterPool,
  withPoolClient,
  writeBatch,
  type PlainReceived,
  type ReceivedEvent,
} from '@rastreio/database';
import { DAY_MS, resolveIncident, type IncidentSpec } from '@rastreio/simulator';
import { simulatedEvents } from './simulatedEvents';

const BATCH = 5_000;

/**
 * Writes a simulated network's events up to `untilMs` into a database, through the writer itself.
 *
 * @param world `parcels` are posted over the `days` before `untilMs`; what happens later is left out
 * @returns how many events were written
 */
export async function writeWorld(
  writerUrl: string,
  world: {
    readonly seed: number;
    readonly parcels: number;
    readonly days: number;
    readonly untilMs: number;
    readonly incidents?: readonly IncidentSpec[];
  },
): Promise<number> {
  const { seed, untilMs } = world;
  const startMs = untilMs - world.days * DAY_MS;
  const events: PlainReceived[] = [];
  for (const { atMs, ...event } of simulatedEvents({
    seed,
    startMs,
    endMs: untilMs,
    parcels: world.parcels,
    incidents: (world.incidents ?? []).map((spec, i) => resolveIncident(spec, seed, startMs, i)),
  })) {
    if (atMs > untilMs) break;
    events.push({ ...event, recebido_em: Math.min(event.recebido_em, untilMs) });
  }
  await writeReceived(writerUrl, events);
  return events.length;
}

/** Writes events as the consumer does. */
export async function writeReceived(writerUrl: string, events: readonly ReceivedEvent[]): Promise<void> {
  const pool = createWriterPool({ databaseUrl: writerUrl, connections: 1, applicationName: 'test' });
  try {
    for (let i = 0; i < events.length; i += BATCH)
      await withPoolClient(pool, (client) =>
        writeBatch(client, {
          topic: TOPIC_EVENTS,
          partition: 0,
          events: events.slice(i, i + BATCH),
          rejected: [],
        }),
      );
  } finally {
    await pool.end();
  }
}
