import { ensureTopics, createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { ConfigResourceTypes } from 'kafkajs';
import { spawn } from 'node:child_process';
import { startOwnBroker } from './support/ownBroker';
import { goodEvent, POISON } from './support/poison';
import { freshDatabase, SERVERS } from './support/servers';
import { withClient } from '@rastreio/database';
jest.setTimeout(300_000);
test('x', async () => {
  const log = createLog('test', 'silent');
  const broker = await startOwnBroker();
  await ensureTopics({ brokers: broker.brokers, log });
  const kafka = createKafka({ brokers: broker.brokers, clientId: 'poison-test', log });
  const admin = kafka.admin(); await admin.connect();
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: 'eventos_rastreamento', configEntries: [{ name: 'max.message.bytes', value: String(12*1024*1024) }] }] });
  const producer = kafka.producer(); await producer.connect();
  for (const [i, { name, value, key = 'k', headers }] of POISON.entries()) {
    const partition = i % 6; const t = Date.now();
    await producer.send({ topic: 'eventos_rastreamento', messages: [{ partition, key, value, headers: { ...headers, caso: name } }, { partition, key: 'g', value: goodEvent(10000+i) }] });
    if (Date.now() - t > 300) console.log('slow send', name, Date.now() - t);
  }
  const database = await freshDatabase(SERVERS[0]!);
  const child = spawn(process.execPath, ['--cpu-prof', '--cpu-prof-dir=/tmp/pp', '--import', 'tsx', 'services/consumer/src/main.ts'], { env: { ...process.env, KAFKA_BROKERS: broker.brokers, DATABASE_URL: database.writerUrl, METRICS_PORT: '0', LOG_LEVEL: 'debug', CONSUMER_GROUP_ID: 'g' }, stdio: ['ignore', require('node:fs').openSync('/tmp/pp/consumer.log', 'w'), 'inherit'] });
  const t = Date.now(); let n = 0;
  while (Date.now() - t < 100_000 && n < 2 * POISON.length) { await new Promise((r) => setTimeout(r, 200)); n = Number((await withClient(database.ownerUrl, (c) => c.query('select coalesce(sum(consumidos),0) n from ingestao'))).rows[0].n); }
  console.log('consumed', n, 'of', 2 * POISON.length, 'in', Date.now() - t);
  child.kill('SIGTERM'); await new Promise((r) => child.once('exit', r));
  await producer.disconnect(); await admin.disconnect();
  await broker.remove(); await database.drop();
});
