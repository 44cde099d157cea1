import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { freePorts } from '../ports';
import { startShortLivedKafka } from './start';

const PARTITIONS = 60;
/** One in two failed when the first answer alone was waited for. */
const STARTS = 4;

test('a broker that has started again leads all its partitions', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-broker-'));
  const [internal = 0, external = 0, controller = 0] = await freePorts(3);
  const options = { dir, ports: { internal, external, controller } };
  let broker = await startShortLivedKafka(options);
  try {
    const kafka = createKafka({
      brokers: broker.brokers,
      clientId: 'broker-test',
      log: createLog('test', 'silent'),
      retry: { retries: 0 },
    });
    const admin = kafka.admin({ retry: { retries: 5 } });
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'many', numPartitions: PARTITIONS }] });
    await admin.disconnect();
    for (let i = 0; i < STARTS; i++) {
      await broker.stop();
      broker = await startShortLivedKafka(options);
      const producer = kafka.producer();
      await producer.connect();
      await producer.send({
        topic: 'many',
        messages: Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, value: 'x' })),
      });
      await producer.disconnect();
    }
  } finally {
    await broker.stop();
    await rm(dir, { recursive: true, force: true });
  }
});
