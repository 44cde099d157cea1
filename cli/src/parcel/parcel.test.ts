// The commands, with Kafka and a consumer between them and the database.
import { CONSUMER_GROUP, eventMessage, TOPIC_EVENTS, type TrackingEvent } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { createKafka, createPublisher, ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { runRastreio } from '@rastreio/testing/command';
import { startConsumerProcess, type ConsumerProcess } from '@rastreio/testing/consumerProcess';
import { startOwnBroker, type OwnBroker } from '@rastreio/testing/ownBroker';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { until } from '@rastreio/testing/until';

const REASON = 'no scan for 90 days';
const CLOSE = ['close', '--older-than', '90d', '--status', 'extraviado', '--reason', REASON];
const log = createLog('test', 'silent');

let broker: OwnBroker;
let database: TestDatabase;
let consumer: ConsumerProcess;
beforeAll(async () => {
  broker = await startOwnBroker();
  database = await freshDatabase(SERVERS[0]!);
  await ensureTopics({ brokers: broker.brokers, log });
  consumer = await startConsumerProcess({
    KAFKA_BROKERS: broker.brokers,
    DATABASE_URL: database.writerUrl,
    CONSUMER_GROUP_ID: CONSUMER_GROUP,
  });
});
afterAll(async () => {
  await consumer.kill();
  await broker.remove();
  await database.drop();
});

const parcel = (...args: string[]) =>
  runRastreio(['parcel', ...args], { DATABASE_URL: database.writerUrl, KAFKA_BROKERS: broker.brokers });

async function publish(events: readonly TrackingEvent[]): Promise<void> {
  const kafka = createKafka({ brokers: broker.brokers, clientId: 'test', log });
  const publisher = await createPublisher(kafka, TOPIC_EVENTS, log);
  await publisher.send(events.map(eventMessage));
  await publisher.close();
}

/** The statuses of all parcels, in the order of their numbers, as text. */
const statuses = () =>
  withClient(database.readerUrl, async (client) => {
    const { rows } = await client.query<{ s: string }>(
      'SELECT status_atual AS s FROM pacotes ORDER BY id_pacote',
    );
    return rows.map(({ s }) => s).join();
  });
const become = (expected: string) => until(expected, async () => (await statuses()) === expected);

test('closed, heard of again, and opened again', async () => {
  const at = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const lane = { origem: 'Natal', destino: 'Acre' };
  await publish([
    {
      transportadora: 'CORREIOS',
      codigo: 'AA1BR',
      status_rastreamento: 'POSTADO',
      data_atualizacao: at(200),
    },
    { id_pacote: 1, ...lane, status_rastreamento: 'EM TRÂNSITO', data_atualizacao: at(100) },
    { id_pacote: 2, ...lane, status_rastreamento: 'EM TRÂNSITO', data_atualizacao: at(1) },
  ]);
  const before = 'POSTADO,EM TRÂNSITO,EM TRÂNSITO';
  await become(before);

  const dry = await parcel(...CLOSE, '--dry-run');
  expect([dry.code, dry.result]).toEqual([0, expect.objectContaining({ dry_run: true, parcels: 2 })]);
  expect(dry.stderr).toMatch(/would close CORREIOS\/AA1BR: POSTADO since 20.*leave out --dry-run/s);

  const closed = await parcel(...CLOSE);
  expect([closed.code, closed.result]).toEqual([
    0,
    expect.objectContaining({ command: 'parcel:close', status: 'EXTRAVIADO', parcels: 2, unnamed: 0 }),
  ]);
  expect(closed.stderr).toMatch(/2 parcels closed as EXTRAVIADO.*rastreio parcel reopen --reason/s);
  await become('EXTRAVIADO,EXTRAVIADO,EM TRÂNSITO');
  expect((await parcel(...CLOSE)).result).toMatchObject({ parcels: 0 });

  await publish([{ id_pacote: 1, ...lane, status_rastreamento: 'ENTREGUE', data_atualizacao: at(99) }]);
  await become('EXTRAVIADO,ENTREGUE,EM TRÂNSITO');
  const reopen = ['reopen', '--reason', `  ${REASON}`];
  expect((await parcel(...reopen, '--dry-run')).result).toMatchObject({ parcels: 2 });
  const reopened = await parcel(...reopen);
  expect([reopened.code, reopened.result]).toEqual([
    0,
    expect.objectContaining({ command: 'parcel:reopen', reason: REASON, parcels: 2 }),
  ]);
  await become('POSTADO,ENTREGUE,EM TRÂNSITO');
  await until('nothing is left to take back', async () => {
    return (await parcel('reopen', '--all', '--dry-run')).result.parcels === 0;
  });
});

test.each([
  [
    ['close', '--older-than', '90d', '--status', 'x', '--reason', 'x'],
    /--status X is no final status.*CANCELADO, EXTRAVIADO, DEVOLVIDO/,
  ],
  [
    ['close', '--older-than', '90d', '--status', 'entregue', '--reason', 'x'],
    /deliveries that nobody reported/,
  ],
  [
    ['close', '--older-than', '90', '--status', 'CANCELADO', '--reason', 'x'],
    /"90" is no duration; use .*30d/,
  ],
  [['close', '--older-than', '0d', '--status', 'CANCELADO', '--reason', 'x'], /no age of parcels; use 90d/],
  [['close', '--older-than', '90d', '--status', 'CANCELADO', '--reason', ' '], /Say why/],
  [['close', '--older-than', '90d', '--status', 'CANCELADO', '--reason', 'x'.repeat(9_000)], /descricao/],
  [['close', '--older-than', '90d', '--status', 'CANCELADO'], /--reason/],
  [['reopen'], /either --all, or any of --reason, --since and --carrier/],
  [['reopen', '--all', '--carrier', 'JADLOG'], /either --all/],
])('%j is a mistake that is explained', async (args, message) => {
  const ran = await parcel(...args, '--dry-run');
  expect([ran.code, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr).toMatch(message);
});
