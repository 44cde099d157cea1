// Shows G5 of docs/guarantees.md.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEFAULT_RULES, HEADER_PROFILE, TOPIC_EVENTS } from '@rastreio/contract';
import { importFile } from '@rastreio/csv';
import { withClient } from '@rastreio/database';
import { createKafka, createPublisher } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { Pool } from 'pg';
import { eventJson, startDlqHarness, type DlqHarness } from '../../test/dlqHarness';
import { shopProfile } from '../../test/shopProfile';
import { until } from '@rastreio/testing/until';
import { parsePlace } from './place';
import { asEvent } from './readLetter';
import { createRepair } from './repair';
import { replay } from './replay';

// Poison in by Kafka, the real consumer, the command as a process, the event in the tables.
const STEAL_TITLE = '\u001b]0;owned\u0007\u009b2J\u202e';

let harness: DlqHarness;
beforeAll(async () => {
  harness = await startDlqHarness();
});
afterAll(() => harness.stop());

test('a missing field is set: the event is in the tables, the letter is marked, and a second replay does nothing', async () => {
  const place = await harness.reject(eventJson(101, { origem: undefined }));
  const args = ['replay', place, '--set', 'origem=Recife', '--note', 'asked the carrier'];

  const dry = await harness.dlq([...args, '--dry-run']);
  expect(dry).toMatchObject({ code: 0, result: { dry_run: true, replayed: 1, invalid: 0 } });
  expect(dry.stderr).toContain('"origem":"Recife"');
  expect(await harness.stateOf(place)).toMatchObject({ estado: 'open', reprocessado_em: null });

  expect(await harness.dlq(args)).toMatchObject({
    code: 0,
    result: { command: 'dlq replay', dry_run: false, replayed: 1, invalid: 0, skipped: 0, missing: 0 },
  });
  await harness.written(101);
  expect(await harness.events(101)).toMatchObject([{ origem: 'Recife' }]);
  const marked = await harness.stateOf(place);
  expect(marked).toMatchObject({ estado: 'replayed', nota: 'asked the carrier' });
  expect(marked.reprocessado_em).not.toBeNull();

  expect(await harness.dlq(args)).toMatchObject({ code: 0, result: { replayed: 0, skipped: 1 } });
  expect(await harness.dlq(['replay', '--all', '--field', 'origem'])).toMatchObject({
    result: { replayed: 0 },
  });
  expect((await harness.stateOf(place)).reprocessado_em).toBe(marked.reprocessado_em);

  // What comes later in the topic shows that nothing came in between.
  expect(await harness.dlq([...args, '--again'])).toMatchObject({ code: 0, result: { replayed: 1 } });
  await harness.replayed(place, 2);
  expect(harness.replays.get(place)).toBe(2);
  expect(await harness.events(101)).toHaveLength(1);
});

test('what is still invalid is listed and not sent', async () => {
  const place = await harness.reject(eventJson(102, { id_pacote: 0 }));
  const ran = await harness.dlq(['replay', place, '--set', 'destino=Belém']);
  expect(ran).toMatchObject({
    code: 1,
    result: {
      replayed: 0,
      invalid: 1,
      still_invalid: [{ place, reason: 'out_of_range', field: 'id_pacote' }],
    },
  });
  expect(ran.stderr).toContain(`invalid ${place}: id_pacote 0 is out of range`);
  expect(await harness.stateOf(place)).toMatchObject({ estado: 'open' });
  expect(harness.replays.has(place)).toBe(false);
});

test('naive timestamps, Latin-1 and oversized messages are repaired by filter', async () => {
  const naive = await harness.reject(eventJson(103, { data_atualizacao: '2026-01-01T09:00:00' }));
  const latin1 = await harness.reject(Buffer.from(eventJson(104), 'latin1'));
  const large = await harness.reject(eventJson(105, { photo: 'x'.repeat(70_000) }));
  const partition = naive.split(':')[1] ?? '';
  const zone = ['--naive-timezone', 'America/Sao_Paulo', '--partition', partition, '--topic', TOPIC_EVENTS];
  expect(
    await harness.dlq(['replay', '--reason', 'naive_timestamp', '--since', '1h', ...zone]),
  ).toMatchObject({
    code: 0,
    result: { replayed: 1 },
  });
  expect(await harness.dlq(['replay', '--reason', 'invalid_utf8', '--encoding', 'latin1'])).toMatchObject({
    result: { replayed: 1 },
  });
  expect(await harness.dlq(['replay', '--reason', 'too_large', '--until', '1w'])).toMatchObject({
    result: { replayed: 0 },
  });
  expect(await harness.dlq(['replay', '--reason', 'too_large'])).toMatchObject({ result: { replayed: 1 } });
  for (const id of [103, 104, 105]) await harness.written(id);
  expect((await harness.events(103))[0]?.data_evento).toEqual(new Date('2026-01-01T12:00:00Z'));
  for (const place of [naive, latin1, large])
    expect(await harness.stateOf(place)).toMatchObject({ estado: 'replayed' });
});

test('killed between Kafka and the mark: the letter stays open, and another replay repeats an event that counts once', async () => {
  const place = await harness.reject(eventJson(106, { origem: '' }));
  const args = ['replay', place, '--set', 'origem=Natal'];
  expect((await harness.dlq(args, { FAILPOINT: 'before_mark' })).code).toBeNull();
  await harness.replayed(place, 1);
  expect(await harness.stateOf(place)).toMatchObject({ estado: 'open' });
  expect(await harness.dlq(args)).toMatchObject({ code: 0, result: { replayed: 1 } });
  await harness.replayed(place, 2);
  await harness.written(106);
  expect(await harness.events(106)).toHaveLength(1);
});

test('a broker that is away: a clear sentence, nothing marked', async () => {
  const place = await harness.reject(eventJson(107, { origem: '' }));
  const ran = await harness.dlq(['replay', place, '--set', 'origem=Natal', '--brokers', '127.0.0.1:1']);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/Kafka does not answer.*Nothing was sent and no dead letter marked/);
  expect(await harness.stateOf(place)).toMatchObject({ estado: 'open' });
});

test('two replays at once share the letters: each is sent once', async () => {
  const bad = Array.from({ length: 1_000 }, (_, i) => ({
    key: String(2_000 + i),
    value: eventJson(2_000 + i, { destino: null }),
  }));
  await harness.publisher.send(bad);
  const open = `SELECT count(*)::int AS n FROM eventos_rejeitados WHERE campo = 'destino' AND reprocessado_em IS NULL`;
  await until('1,000 dead letters', async () => (await harness.query<{ n: number }>(open))[0]?.n === 1_000);
  const args = ['replay', '--reason', 'missing_field', '--field', 'destino', '--set', 'destino=Belém'];
  const both = await Promise.all([harness.dlq(args), harness.dlq(args)]);
  for (const { code, result } of both)
    expect({ code, invalid: result.invalid }).toEqual({ code: 0, invalid: 0 });
  expect(both.reduce((sum, { result }) => sum + Number(result.replayed), 0)).toBe(1_000);
  const count = 'SELECT count(*)::int AS n FROM pacotes WHERE id_pacote BETWEEN 2000 AND 2999';
  await until('1,000 parcels', async () => (await harness.query<{ n: number }>(count))[0]?.n === 1_000);
  const places = await harness.query<{ place: string }>(
    `SELECT concat_ws(':', topico, particao, deslocamento) AS place FROM eventos_rejeitados WHERE campo = 'destino'`,
  );
  for (const { place } of places) await harness.replayed(place, 1);
  expect(places.map(({ place }) => harness.replays.get(place))).toEqual(places.map(() => 1));
});

test('a replayed event that is rejected again becomes a dead letter of its own, linked both ways', async () => {
  const place = await harness.reject(eventJson(108, { data_atualizacao: '2099-01-01T00:00:00Z' }));
  expect(await harness.dlq(['replay', place, '--max-future-skew-hours', '1000000'])).toMatchObject({
    code: 0,
  });
  let again: unknown[] = [];
  await until('it is rejected again', async () => {
    again = (await harness.stateOf(place)).rejected_again as unknown[];
    return again.length > 0;
  });
  const second = await harness.dlq(['show', String(again[0])]);
  expect(second.result).toMatchObject({
    estado: 'open',
    motivo: 'future_timestamp',
    cabecalhos: { 'rastreio.reprocessado_de': place },
  });
  expect(second.stderr).toContain(`rastreio.reprocessado_de: ${place}`);
});

test('list and show never let what a stranger sent reach the terminal as it is', async () => {
  const place = await harness.reject(`${STEAL_TITLE} {`);
  const binary = await harness.reject(Buffer.from([0xff, 0x1b, 0x5b]));
  for (const args of [
    ['list', '--reason', 'invalid_json', '--reason', 'invalid_utf8'],
    ['show', place],
    ['show', binary],
  ]) {
    const { code, stdout, stderr } = await harness.dlq(args);
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  }
  const shown = await harness.dlq(['show', place]);
  expect(shown.stderr).toContain('\\u001b]0;owned\\u0007\\u009b2J\\u202e {');
  expect(shown.result).toMatchObject({ valor: { encoding: 'utf-8', text: `${STEAL_TITLE} {` } });
  expect((await harness.stateOf(binary)).valor).toEqual({
    encoding: 'hex',
    text: 'ff1b5b',
    bytes: 3,
    cut: false,
  });

  const dir = await mkdtemp(path.join(tmpdir(), 'dlq-'));
  expect((await harness.dlq(['show', binary, '--save', path.join(dir, 'value')])).code).toBe(0);
  expect(await readFile(path.join(dir, 'value'))).toEqual(Buffer.from([0xff, 0x1b, 0x5b]));
  await rm(dir, { recursive: true });
});

test('list: one row per letter, counts by reason, filters and states; the view says the same to Grafana', async () => {
  const place = await harness.reject(null);
  const listed = await harness.dlq(['list', '--reason', 'tombstone']);
  expect(listed.result).toMatchObject({ command: 'dlq list', state: 'open', total: 1, letters: [{ place }] });
  expect(listed.stderr).toMatch(new RegExp(`^${place} .* open +tombstone +- +the message has no value`, 'm'));
  expect(
    (await harness.dlq(['list', '--reason', 'tombstone', '--since', '2099-01-01'])).result,
  ).toMatchObject({
    total: 0,
  });

  const { result } = await harness.dlq(['list', '--summary', '--state', 'all']);
  const view = await withClient(harness.database.readerUrl, (c) =>
    c.query('SELECT motivo, campo, estado, total::float8 FROM rejeitados_por_motivo'),
  );
  const words: Record<string, string> = { open: 'aberto', replayed: 'reprocessado', accepted: 'aceito' };
  const reasons = (result.reasons as Record<string, unknown>[]).map(({ motivo, campo, estado, total }) => ({
    motivo,
    campo,
    estado: words[String(estado)],
    total,
  }));
  expect(reasons).toEqual(expect.arrayContaining(view.rows));
  expect(view.rows).toHaveLength(reasons.length);
  expect(reasons).toContainEqual({
    motivo: 'missing_field',
    campo: 'destino',
    estado: 'reprocessado',
    total: 1_000,
  });
});

test('accepted letters are settled without a replay, and replays pass them over', async () => {
  const place = await harness.reject('[]');
  const args = ['replay', place, '--accept', '--note', 'a test'];
  expect(await harness.dlq([...args, '--dry-run'])).toMatchObject({
    code: 0,
    result: { accepted: 1, dry_run: true },
  });
  expect(await harness.stateOf(place)).toMatchObject({ estado: 'open' });
  expect(await harness.dlq(args)).toMatchObject({ code: 0, result: { accepted: 1, skipped: 0 } });
  expect(await harness.dlq(args)).toMatchObject({ code: 0, result: { accepted: 0, skipped: 1 } });
  expect(await harness.stateOf(place)).toMatchObject({ estado: 'accepted', nota: 'a test' });
  expect(await harness.dlq(['replay', '--reason', 'not_an_object'])).toMatchObject({
    code: 0,
    result: { replayed: 0, invalid: 0 },
  });
  expect((await harness.dlq(['list', '--state', 'accepted'])).result).toMatchObject({
    total: 1,
    letters: [{ place }],
  });
});

test('a bad line of a CSV file is replayed as well', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'dlq-'));
  const file = path.join(dir, 'eventos.csv');
  await writeFile(
    file,
    'status_rastreamento;id_pacote;origem;destino;data_atualizacao\nPOSTADO;109;Natal;"Belém";2026-01-01T00:00:00\n',
  );
  await importFile({ file, databaseUrl: harness.database.writerUrl });
  await rm(dir, { recursive: true });
  const { result } = await harness.dlq(['list', '--field', 'data_atualizacao']);
  const [letter] = (result.letters as { place: string }[]).filter(({ place }) => place.startsWith('csv:'));
  expect(letter?.place).toMatch(/^csv:eventos\.csv#[0-9a-f]{12}:0:2$/);
  expect(await harness.dlq(['replay', letter?.place ?? '', '--naive-timezone', 'UTC'])).toMatchObject({
    code: 0,
    result: { replayed: 1 },
  });
  await harness.written(109);
});

test('a database that is away: a clear sentence', async () => {
  const ran = await harness.dlq(['list', '--database-url', 'postgresql://a:b@127.0.0.1:1/c']);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/^The database does not let us in: .*127\.0\.0\.1:1; check --database-url/m);
});

test.each([
  ['nothing says which letters', ['replay'], 2],
  ['no such field', ['replay', '--all', '--set', 'status=x'], 2],
  ['accept and set', ['replay', '--all', '--accept', '--set', 'origem=x'], 2],
  ['no place', ['show', 'topic'], 2],
  ['no such letter', ['show', 'topic:0:1'], 1],
  ['no such letter to replay', ['replay', 'topic:0:1'], 1],
  ['help', ['replay', '--help'], 0],
])('%s: exit code', async (_, args, code) => {
  expect((await harness.dlq(args)).code).toBe(code);
});

test('a payload that a profile could not read is read again by a better one: all of its events, or none', async () => {
  const { dir, profile } = await shopProfile();
  const event = (n: number) => ({ n, de: 'Natal', para: 'Acre', t: '02/01/2026 10:00', s: 'Chegou' });
  const payload = JSON.stringify({ eventos: [event(301), event(302)] });
  const place = await harness.reject(payload, { [HEADER_PROFILE]: 'loja' });
  const replay = ['replay', place, '--profile', 'loja', '--profiles', dir];
  await profile('ISO');
  const wrong = await harness.dlq(replay);
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('$.eventos[0]')]);
  await profile("'dd/MM/yyyy HH:mm'");
  const right = await harness.dlq(replay);
  expect(right.result).toMatchObject({ replayed: 1, invalid: 0 });
  for (const id of [301, 302]) await harness.written(id);
  expect(await harness.stateOf(place)).toMatchObject({ estado: 'replayed' });
  await rm(dir, { recursive: true });
});

test('a broker that goes away half-way: the replay fails and marks nothing', async () => {
  const place = await harness.reject(eventJson(110, { origem: '' }));
  const log = createLog('test', 'silent');
  const retry = { retries: 2, initialRetryTime: 50 };
  const kafka = createKafka({ brokers: harness.broker.brokers, clientId: 'dlq-test', log, retry });
  const publisher = await createPublisher(kafka, TOPIC_EVENTS, log, { retry });
  const pool = new Pool({ connectionString: harness.database.writerUrl });
  await harness.broker.stop();
  const read = asEvent(createRepair({ rules: DEFAULT_RULES, set: { origem: 'Natal' } }));
  const selection = { state: 'open', places: [parsePlace(place)] } as const;
  await expect(replay({ pool, publisher, read }, { selection })).rejects.toThrow();
  expect(await harness.stateOf(place)).toMatchObject({ estado: 'open' });
  await harness.broker.start();
  expect(await replay({ pool, publisher, read }, { selection })).toEqual({
    replayed: 1,
    invalid: 0,
    skipped: 0,
  });
  await harness.written(110);
  await publisher.close();
  await pool.end();
});

test('a database that lacks a migration: 78', async () => {
  await withClient(harness.database.ownerUrl, (c) => c.query('DELETE FROM migracoes'));
  const ran = await harness.dlq(['list']);
  expect(ran).toMatchObject({ code: 78 });
  expect(ran.stderr).toContain('npm run db:migrate');
});
