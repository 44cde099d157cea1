import { CONSUMER_GROUP, TOPIC_EVENTS } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { createKafka, createPublisher, ensureTopics, type Publisher } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import type { Kafka } from 'kafkajs';
import { runRastreio, type Ran } from '@rastreio/testing/command';
import { startConsumerProcess } from '@rastreio/testing/consumerProcess';
import { startOwnBroker, type OwnBroker } from '@rastreio/testing/ownBroker';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { until } from '@rastreio/testing/until';

interface StoredEvent {
  readonly origem: string;
  readonly data_evento: Date;
}

/** A broker, a database, the consumer as a process between them, and the dlq command. */
export interface DlqHarness {
  readonly broker: OwnBroker;
  readonly database: TestDatabase;
  /** To the events topic. */
  readonly publisher: Publisher;
  /** How many events replays have put into the topic, by the place they came of. */
  readonly replays: ReadonlyMap<string, number>;
  readonly dlq: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>;
  readonly query: <Row extends object>(sql: string, parameters?: unknown[]) => Promise<Row[]>;
  /** The events of a parcel in the database. */
  readonly events: (id: number) => Promise<StoredEvent[]>;
  readonly written: (id: number) => Promise<void>;
  /** Publishes a message and gives its place among the dead letters, once it is there. */
  readonly reject: (value: Buffer | string | null, headers?: Record<string, string>) => Promise<string>;
  /** Waits until so many replays of a letter are in the topic. */
  readonly replayed: (place: string, times: number) => Promise<void>;
  /** What `dlq show` says. */
  readonly stateOf: (place: string) => Promise<Ran['result']>;
  readonly stop: () => Promise<void>;
}

const log = createLog('test', 'silent');

/** Starts it all; a minute on a busy machine. */
export async function startDlqHarness(): Promise<DlqHarness> {
  const server = SERVERS.at(-1);
  if (server === undefined) throw new Error('no database was started');
  const broker = await startOwnBroker();
  const { brokers } = broker;
  const kafka = createKafka({ brokers, clientId: 'dlq-test', log });
  const database = await freshDatabase(server);
  await ensureTopics({ brokers, log });
  const publisher = await createPublisher(kafka, TOPIC_EVENTS, log);
  const counting = await countReplays(kafka);
  const consumer = await startConsumerProcess({
    KAFKA_BROKERS: brokers,
    DATABASE_URL: database.writerUrl,
    CONSUMER_GROUP_ID: CONSUMER_GROUP,
  });

  const dlq: DlqHarness['dlq'] = (args, env = {}) =>
    runRastreio(['dlq', ...args], {
      DATABASE_URL: database.writerUrl,
      KAFKA_BROKERS: brokers,
      ...env,
    });
  const query = <Row extends object>(sql: string, parameters: unknown[] = []) =>
    withClient(database.ownerUrl, async (c) => (await c.query<Row>(sql, parameters)).rows);
  const events = (id: number) =>
    query<StoredEvent>(
      'SELECT origem, data_evento FROM eventos_rastreamento JOIN pacotes USING (id_pacote) WHERE id_pacote = $1',
      [id],
    );
  return {
    broker,
    database,
    publisher,
    replays: counting.replays,
    dlq,
    query,
    events,
    written: (id) => until(`parcel ${id} is written`, async () => (await events(id)).length > 0),
    async reject(value, headers = {}) {
      const mark = `mark-${process.hrtime.bigint()}`;
      await publisher.send([{ key: mark, value, headers: { ...headers, mark } }]);
      let place = '';
      await until(`${mark} is among the dead letters`, async () => {
        const [row] = await query<{ place: string }>(
          `SELECT concat_ws(':', topico, particao, deslocamento) AS place FROM eventos_rejeitados WHERE cabecalhos->>'mark' = $1`,
          [mark],
        );
        place = row?.place ?? '';
        return place !== '';
      });
      return place;
    },
    replayed: (place, times) =>
      until(`${place} is in the topic ${times} times`, () => (counting.replays.get(place) ?? 0) >= times),
    async stateOf(place) {
      const { code, result, stderr } = await dlq(['show', place]);
      if (code !== 0) throw new Error(`dlq show ${place} ended with ${code}: ${stderr}`);
      return result;
    },
    async stop() {
      await consumer.kill();
      await counting.stop();
      await publisher.close();
      await broker.remove();
      await database.drop();
    },
  };
}

/** A valid event as JSON, with changes. */
export function eventJson(id: number, changes: object = {}): string {
  return JSON.stringify({
    id_pacote: id,
    origem: 'Natal',
    destino: 'São Paulo',
    status_rastreamento: 'POSTADO',
    data_atualizacao: '2026-01-01T00:00:00Z',
    ...changes,
  });
}

async function countReplays(kafka: Kafka) {
  const replays = new Map<string, number>();
  const reader = kafka.consumer({ groupId: 'counts-replays' });
  await reader.connect();
  await reader.subscribe({ topic: TOPIC_EVENTS, fromBeginning: true });
  await reader.run({
    eachMessage: ({ message }) => {
      const place = message.headers?.['rastreio.reprocessado_de'];
      if (place !== undefined) replays.set(String(place), (replays.get(String(place)) ?? 0) + 1);
      return Promise.resolve();
    },
  });
  return { replays, stop: () => reader.disconnect() };
}
