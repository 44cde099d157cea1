// Every shipped profile end to end: its payload through Kafka and the real consumer into a database.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createValidator, DEFAULT_RULES, type TrackingEvent } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { tableDifferences } from '@rastreio/testing/differences';
import { runRastreio } from '@rastreio/testing/command';
import { until } from '@rastreio/testing/until';
import { startDlqHarness, type DlqHarness } from '../../test/dlqHarness';

const FIXTURES = path.resolve(__dirname, '../../../packages/sources/fixtures');
const PAYLOADS = readdirSync(FIXTURES).flatMap((profile) =>
  readdirSync(path.join(FIXTURES, profile))
    .filter((file) => !file.endsWith('.expected.json'))
    .map((file) => ({ profile, file: path.join(FIXTURES, profile, file) })),
);

let harness: DlqHarness;
beforeAll(async () => {
  harness = await startDlqHarness();
});
afterAll(() => harness.stop());

/** The valid events that a payload holds, as its expected reading beside it says. */
function expected(file: string): TrackingEvent[] {
  const validate = createValidator(DEFAULT_RULES);
  const { events } = JSON.parse(readFileSync(`${file}.expected.json`, 'utf8')) as {
    events: { event: unknown }[];
  };
  return events.flatMap(({ event }) => {
    const result = validate(event);
    return result.ok ? [result.event] : [];
  });
}

const send = (profile: string, file: string) =>
  runRastreio(['source', 'send', profile, file], { KAFKA_BROKERS: harness.broker.brokers });

const consumed = async () =>
  (await harness.query<{ n: number }>('SELECT coalesce(sum(consumidos), 0)::int AS n FROM ingestao'))[0]?.n;

const COUNTS = `
  SELECT (SELECT count(*)::int FROM eventos_rastreamento) + (SELECT count(*)::int FROM eventos_corrigidos) AS events,
         (SELECT count(*)::int FROM correcoes) AS corrections,
         (SELECT count(*)::int FROM codigos) AS codes, (SELECT count(DISTINCT id_pacote)::int FROM codigos) AS numbers,
         (SELECT count(*)::int FROM eventos_rejeitados) AS letters`;

test('what each payload says is in the tables, once, under one number for each parcel, and the figures are those of the events', async () => {
  const all: TrackingEvent[] = [];
  let sent = 0;
  for (const { profile, file } of PAYLOADS) {
    const events = expected(file);
    const ran = await send(profile, file);
    expect([profile, ran.result.sent]).toEqual([profile, events.length]);
    all.push(...events);
    sent += events.length;
  }
  const keyOf = (e: TrackingEvent) =>
    [
      e.id_pacote ?? `${e.transportadora}/${e.codigo}`,
      e.data_atualizacao,
      e.status_rastreamento,
      e.correcao,
    ].join('|');
  const parcels = new Set(
    all.filter((e) => e.id_pacote === undefined).map((e) => `${e.transportadora}/${e.codigo}`),
  );
  const counts = {
    events: new Set(all.filter((e) => e.correcao === undefined).map(keyOf)).size,
    corrections: new Set(all.filter((e) => e.correcao !== undefined).map(keyOf)).size,
    codes: parcels.size,
    numbers: parcels.size,
    letters: 0,
  };
  expect(counts.events).toBeGreaterThan(40);
  expect(counts.corrections).toBeGreaterThan(1);
  // A batch that is read again is counted as consumed again, so what is there decides.
  await until(
    'all is written',
    async () => isDeepStrictEqual(await harness.query(COUNTS), [counts]) && ((await consumed()) ?? 0) >= sent,
  );
  const differences = () => withClient(harness.database.ownerUrl, tableDifferences);
  expect(await differences()).toEqual([]);

  // All of it again changes nothing.
  for (const { profile, file } of PAYLOADS.toReversed()) await send(profile, file);
  await until('all is written again', async () => ((await consumed()) ?? 0) >= 2 * sent);
  expect(await harness.query(COUNTS)).toEqual([counts]);
  expect(await differences()).toEqual([]);
});
