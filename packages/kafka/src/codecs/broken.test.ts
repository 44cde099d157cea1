import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createLog } from '@rastreio/runtime';
import { CompressionCodecs, CompressionTypes, type Kafka } from 'kafkajs';
import { startOwnBroker, type OwnBroker } from '@rastreio/testing/ownBroker';
import { freshTopic, readTopic } from '@rastreio/testing/topic';
import { createTopics } from '../topics';
import { createKafka } from '../client';

const log = createLog('test', 'silent');

/** Of a record batch, before the compressed records. */
const BATCH_HEADER_BYTES = 61;

let broker: OwnBroker;
let kafka: Kafka;
beforeAll(async () => {
  broker = await startOwnBroker();
  kafka = createKafka({ brokers: broker.brokers, clientId: 'broken-test', log });
});
afterAll(() => broker.remove());

test('the broker refuses a batch whose compressed bytes are garbage', async () => {
  const topic = await freshTopic(kafka, 1);
  const ours = CompressionCodecs[CompressionTypes.ZSTD];
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: () => Promise.resolve(Buffer.from('garbage')),
  });
  const producer = kafka.producer({ retry: { retries: 0 } });
  await producer.connect();
  try {
    const sending = producer.send({ topic, compression: CompressionTypes.ZSTD, messages: [{ value: 'x' }] });
    await expect(sending).rejects.toMatchObject({ name: 'KafkaJSProtocolError', type: 'UNKNOWN' });
  } finally {
    CompressionCodecs[CompressionTypes.ZSTD] = ours;
    await producer.disconnect();
  }
  expect(await readTopic(kafka, topic, 0)).toEqual([]);
});

describe('damaged on the broker’s disk: the consumer gives up at once and says why', () => {
  const CODECS = ['gzip', 'snappy', 'lz4', 'zstd'];
  const topicOf = (codec: string) => `damaged-${codec}`;

  beforeAll(async () => {
    const admin = kafka.admin();
    await admin.connect();
    await createTopics(
      admin,
      CODECS.map((codec) => ({
        topic: topicOf(codec),
        numPartitions: 1,
        configEntries: [{ name: 'compression.type', value: codec }],
      })),
      log,
    );
    await admin.disconnect();
    const producer = kafka.producer();
    await producer.connect();
    const messages = Array.from({ length: 500 }, (_, i) => ({ value: `event ${i} `.repeat(10) }));
    for (const codec of CODECS) await producer.send({ topic: topicOf(codec), messages });
    await producer.disconnect();

    await broker.stop();
    for (const codec of CODECS) await damage(path.join(broker.dataDir, `${topicOf(codec)}-0`));
    await broker.start();
  });

  test.each(CODECS)('%s', async (codec) => {
    const consumer = kafka.consumer({
      groupId: topicOf(codec),
      retry: { restartOnFailure: () => Promise.resolve(true) },
    });
    // A broker that has just started may end the first try; kafkajs comes back by itself then.
    const crashed = new Promise<Error>((resolve) =>
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) resolve(payload.error);
      }),
    );
    await consumer.connect();
    await consumer.subscribe({ topic: topicOf(codec), fromBeginning: true });
    await consumer.run({ eachMessage: () => Promise.resolve() });
    const error = await crashed;
    await consumer.disconnect();
    // LZ4 has no checksum of its own: what comes out may only be found broken when its records are read.
    expect(error.message).toMatch(/cannot be unpacked/);
  });
});

/** Writes over some bytes of the records of a partition. */
async function damage(partition: string): Promise<void> {
  const file = (await readdir(partition)).find((name) => name.endsWith('.log')) ?? '';
  const bytes = await readFile(path.join(partition, file));
  bytes.fill(0xaa, BATCH_HEADER_BYTES + 20, BATCH_HEADER_BYTES + 120);
  await writeFile(path.join(partition, file), bytes);
}
