import { TOPIC_DEAD_LETTERS, TOPIC_EVENTS } from '@rastreio/contract';
import { findTableDifferences, withClient } from '@rastreio/database';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { verify, type VerifyResult } from '../../cli/src/verify/verify';
import type { Rig } from './rig';

export interface Compared extends VerifyResult {
  /** Rejected messages of the table that the dead-letter topic lacks, and the other way round. */
  readonly deadLetters: { readonly missing: number; readonly unknown: number };
  /** Rows of derived tables that are not what the events say. */
  readonly derived: number;
  readonly names: Names;
}

/** What happened to names and events on the way to the end, for the reader of the result: that faults met any of it. */
interface Names {
  /** Tracking numbers whose parcel has a number that the database gave, and those whose number a sender said. */
  readonly given: number;
  readonly said: number;
  /** Of the latter, those that had been given another number before. */
  readonly joined: number;
  /** Events that a correction took back. */
  readonly takenBack: number;
}

const NAMES = `
  SELECT count(*) FILTER (WHERE id_pacote < 0)::int AS given, count(*) FILTER (WHERE id_pacote > 0)::int AS said,
         (SELECT count(*)::int FROM numeros_juntados) AS joined,
         (SELECT count(*)::int FROM eventos_corrigidos) AS "takenBack"
  FROM codigos`;

/** Compares the tables with the ground truth, the derived ones with the events, and the dead-letter topic with the rejected messages. */
export async function compareAll(rig: Rig, inKafka: number): Promise<Compared> {
  const result = await verify({
    file: rig.truthFile,
    databaseUrl: rig.databaseUrl,
    waitMs: 0,
    ignoreOthers: false,
    inKafka,
  });
  const inTopic = await deadLetters(rig);
  const inTable = await rejectedPlaces(rig.databaseUrl);
  const missing = [...inTable].filter((place) => !inTopic.has(place)).length;
  const unknown = [...inTopic].filter((place) => !inTable.has(place)).length;
  const derived = (await withClient(rig.databaseUrl, findTableDifferences)).length;
  return {
    ...result,
    ok: result.ok && missing + unknown + derived === 0,
    deadLetters: { missing, unknown },
    derived,
    names: await withClient(
      rig.databaseUrl,
      async (client) => (await client.query<Names>(NAMES)).rows[0] as Names,
    ),
  };
}

async function rejectedPlaces(databaseUrl: string): Promise<Set<string>> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ place: string }>(
      `SELECT particao || '/' || deslocamento AS place FROM eventos_rejeitados WHERE topico = $1`,
      [TOPIC_EVENTS],
    );
    return new Set(rows.map(({ place }) => place));
  });
}

/** Where the messages on the dead-letter topic came from. It may hold one twice: a batch that is written again sends it again. */
async function deadLetters({ kafka, progress }: Rig): Promise<Set<string>> {
  const offsets = await progress.withAdmin((admin) => admin.fetchTopicOffsets(TOPIC_DEAD_LETTERS));
  let left = offsets.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  const places = new Set<string>();
  if (left === 0) return places;
  const client = createKafka({
    brokers: kafka.directBrokers,
    clientId: 'rastreio-chaos',
    log: createLog('chaos', 'silent'),
  });
  const consumer = client.consumer({ groupId: `chaos-${process.hrtime.bigint()}` });
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC_DEAD_LETTERS, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer
      .run({
        eachMessage: ({ message: { headers = {} } }) => {
          places.add(
            `${text(headers['__connect.errors.partition'])}/${text(headers['__connect.errors.offset'])}`,
          );
          if (--left === 0) resolve();
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return places;
}

function text(header: unknown): string {
  return Buffer.isBuffer(header) ? header.toString() : String(header);
}
