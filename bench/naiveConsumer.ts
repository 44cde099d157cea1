// A consumer as it is written in an afternoon: kafkajs, one message at a time, one INSERT and one commit each. As "seed" it also
// opens a connection for each message, as the original did. Prints its figures over the first messages of the topic.
import { setTimeout as sleep } from 'node:timers/promises';
import { TOPIC_EVENTS, type TrackingEvent } from '@rastreio/contract';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { Client } from 'pg';
import { cpuOf, cpuOfServer, peakMemoryMb } from './processes';

const [, , way, brokers = '', group = '', databaseUrl = '', postmaster, messages, seconds] = process.argv;

// One round trip and one commit for both tables: the kindest form of "one INSERT per message".
const INSERT = `
  WITH pacote AS (
    INSERT INTO pacotes (id_pacote, origem, destino, status_atual, data_status, ordem_status, data_inicio)
    VALUES ($1, $2, $3, $4, $5, 0, $5) ON CONFLICT DO NOTHING
  )
  INSERT INTO eventos_rastreamento (id_pacote, data_evento, status_rastreamento)
  VALUES ($1, $5, $4) ON CONFLICT DO NOTHING`;

async function main(): Promise<void> {
  const kafka = createKafka({ brokers, clientId: 'bench-naive', log: createLog('bench', 'silent') });
  const shared = way === 'seed' ? undefined : await connect();
  const cpu = () => cpuOf([process.pid]) + cpuOfServer(Number(postmaster));
  let startedAt = 0;
  let cpuBefore = 0;
  let rows = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const consumer = kafka.consumer({ groupId: group });
  consumer.on(consumer.events.GROUP_JOIN, () => {
    [startedAt, cpuBefore] = [performance.now(), cpu()];
    void sleep(Number(seconds) * 1000).then(finish);
  });
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC_EVENTS, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      if (rows >= Number(messages)) return finish();
      const event = JSON.parse(String(message.value)) as TrackingEvent;
      const client = shared ?? (await connect());
      await client.query(INSERT, [
        event.id_pacote,
        event.origem,
        event.destino,
        event.status_rastreamento,
        event.data_atualizacao,
      ]);
      if (shared === undefined) await client.end();
      rows += 1;
    },
  });
  await finished;
  const result = {
    rows_per_s: rows / ((performance.now() - startedAt) / 1000),
    cpu_us_per_row: (cpu() - cpuBefore) / rows,
    peak_mb: peakMemoryMb([process.pid]),
  };
  await consumer.disconnect();
  await shared?.end();
  process.stdout.write(`${JSON.stringify(result)}\n`);
  // The time limit's timer may still run.
  process.exit(0);
}

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  return client;
}

void main();
