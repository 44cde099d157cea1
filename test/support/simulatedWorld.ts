import { TOPIC_EVENTS } from '@rastreio/contract';
import { createWriterPool, withPoolClient, writeBatch, type ReceivedEvent } from '@rastreio/database';
import {
  DAY_MS,
  postingIntervalForPackages,
  resolveIncident,
  worldEvents,
  type IncidentSpec,
} from '@rastreio/simulator';

const BATCH = 5_000;
const MINUTE_MS = 60_000;

/**
 * Writes a simulated network's events up to `untilMs` into a database, through the writer itself.
 *
 * @param parcels how many are posted over the `days`; their later events are left out
 * @returns how many events were written
 */
export async function writeWorld(
  writerUrl: string,
  world: {
    seed: number;
    parcels: number;
    days: number;
    untilMs: number;
    incidents?: readonly IncidentSpec[];
  },
): Promise<number> {
  const startMs = world.untilMs - world.days * DAY_MS;
  const events: ReceivedEvent[] = [];
  const simulated = worldEvents({
    seed: world.seed,
    startMs,
    postingIntervalMs: postingIntervalForPackages(world.parcels, startMs, world.untilMs),
    maxPackages: world.parcels,
    incidents: (world.incidents ?? []).map((spec, i) => resolveIncident(spec, world.seed, startMs, i)),
  });
  for (const { atMs, event } of simulated) {
    if (atMs > world.untilMs) break;
    events.push({
      ...event,
      // As the contract writes instants: microseconds.
      data_atualizacao: event.data_atualizacao.replace('Z', '.000000Z'),
      recebido_em: Math.min(atMs + MINUTE_MS, world.untilMs),
    });
  }
  const pool = createWriterPool({ databaseUrl: writerUrl, connections: 1, applicationName: 'test' });
  try {
    for (let i = 0; i < events.length; i += BATCH)
      await withPoolClient(pool, (client) =>
        writeBatch(client, {
          topico: TOPIC_EVENTS,
          particao: 0,
          events: events.slice(i, i + BATCH),
          rejected: [],
        }),
      );
  } finally {
    await pool.end();
  }
  return events.length;
}
