import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { prepareConnection, withClient, writeEvents, type PlainReceived } from '@rastreio/database';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  postingIntervalForParcels,
  resolveIncident,
  worldEvents,
} from '@rastreio/simulator';
import { runRastreio, spawnRastreio, type Ran } from '@rastreio/testing/command';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { until } from '@rastreio/testing/until';

const SEED = 5;
const PARCELS = 1_200;
const DAYS = 12;
/** Longer than any hours in which 30 events did not come, whatever the time of day. */
const SILENCE = { fromHours: 22, toHours: 8 };

let dir: string;
let database: TestDatabase;
let events: readonly PlainReceived[];

/** Writes a world with a frozen hub as a consumer that never sleeps would have, but for some silent hours. */
async function writeHistory(ownerUrl: string): Promise<readonly PlainReceived[]> {
  const endMs = Date.now();
  const startMs = endMs - DAYS * DAY_MS;
  const silent = (ms: number) =>
    ms > endMs - SILENCE.fromHours * HOUR_MS && ms < endMs - SILENCE.toHours * HOUR_MS;
  const frozen = resolveIncident(
    { kind: 'frozen_hub', hub: 'São Paulo', atMs: 3 * DAY_MS, forMs: 4 * DAY_MS },
    SEED,
    startMs,
    0,
  );
  const found: PlainReceived[] = [];
  const postingIntervalMs = postingIntervalForParcels(PARCELS, startMs, endMs);
  for (const { atMs, event } of worldEvents({
    seed: SEED,
    startMs,
    postingIntervalMs,
    maxParcels: PARCELS,
    incidents: [frozen],
  })) {
    const recebido_em = atMs + 20_000;
    if (recebido_em > endMs) break;
    const data_atualizacao = `${event.data_atualizacao.slice(0, 19)}.000000Z`;
    if (!silent(recebido_em)) found.push({ ...event, data_atualizacao, recebido_em });
  }
  await withClient(ownerUrl, async (client) => {
    await prepareConnection(client);
    await client.query('BEGIN');
    await writeEvents(client, found, { provenNew: true });
    await client.query(
      `INSERT INTO ingestao SELECT date_trunc('minute', to_timestamp(r / 1000)), 'eventos_rastreamento', 0, count(*), count(*), 0, 0, max(to_timestamp(r / 1000))
       FROM unnest($1::float8[]) AS r GROUP BY 1`,
      [found.map(({ recebido_em }) => recebido_em)],
    );
    await client.query(`UPDATE limites SET valor = 7200 WHERE nome = 'silencio'`);
    await client.query('COMMIT');
  });
  return found;
}

beforeAll(async () => {
  const [server] = MATRIX;
  if (server === undefined) throw new Error('no database was started');
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-backtest-test-'));
  await chmod(dir, 0o711);
  database = await freshDatabase(server);
  events = await writeHistory(database.ownerUrl);
});
afterAll(async () => {
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

const run = (...args: string[]) =>
  runRastreio(['alerts', 'backtest', ...args], { DATABASE_URL: database.readerUrl, TMPDIR: dir });

interface RuleResult {
  readonly uid: string;
  readonly evaluations: number;
  readonly every_seconds: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly episodes: readonly {
    readonly instance: string;
    readonly firing: string | null;
    readonly resolved: string | null;
  }[];
  readonly limit?: { readonly fires: string; readonly firing_per_week: number };
}
const rulesOf = ({ result }: Ran) => result.rules as readonly RuleResult[];

/** The first full minute not before an instant. */
const minuteFrom = (ms: number) => new Date(Math.ceil(ms / MINUTE_MS) * MINUTE_MS).toISOString();

async function written(): Promise<string> {
  return withClient(database.adminUrl, async (client) => {
    const { rows } = await client.query<{ total: string }>(
      'SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) AS total FROM pg_stat_user_tables',
    );
    return rows[0]?.total ?? '';
  });
}

/** How long after each of these receipts silence is one, in milliseconds: longer in hours in which little used to come. */
async function limitsAfter(receipts: readonly number[]): Promise<number[]> {
  return withClient(database.readerUrl, async (client) => {
    const { rows } = await client.query<{ ms: number }>(
      `SELECT 1000 * greatest(limite('silencio'), tempo_ate_eventos(to_timestamp(r / 1000), limite('silencio_eventos'))) AS ms
       FROM unnest($1::float8[]) WITH ORDINALITY AS u (r, n) ORDER BY n`,
      [receipts],
    );
    return rows.map(({ ms }) => ms);
  });
}

test('silence fires and ends at the minutes at which it did, and the database is as it was', async () => {
  const before = await written();
  const ran = await run('--rule', 'rastreio-silencio', '--days', '1');
  expect([ran.code, ran.result.differences]).toEqual([0, []]);
  const receipts = events.map(({ recebido_em }) => recebido_em);
  const [from, to] = [ran.result.from, ran.result.to].map((iso) => Date.parse(iso as string)) as [
    number,
    number,
  ];
  // Whatever the seed, every gap longer than the limit at its hour is one, and the long one is among them.
  const long = receipts.filter((ms, i) => (receipts[i + 1] ?? Infinity) - ms > 2 * HOUR_MS);
  const limits = await limitsAfter(long);
  const gaps = long.flatMap((ms, i) => {
    const next = receipts[receipts.lastIndexOf(ms) + 1] ?? Infinity;
    const firing = Math.floor((ms + (limits[i] ?? NaN)) / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
    return firing > from && firing < Math.min(next, to) ? [[firing, next] as const] : [];
  });
  expect(gaps.length).toBeGreaterThan(0);
  const [rule] = rulesOf(ran);
  expect(rule?.every_seconds).toBe(60);
  expect(rule?.episodes.map(({ firing, resolved }) => [firing, resolved])).toEqual(
    gaps.map(([firing, next]) => [new Date(firing).toISOString(), next > to ? null : minuteFrom(next)]),
  );
  expect(await written()).toBe(before);
  expect(await readdir(dir)).toEqual([]);
});

test('SQL with a limit is asked of what was there at each instant', async () => {
  const file = path.join(dir, 'contagem.sql');
  await writeFile(file, 'SELECT count(*) AS eventos FROM eventos_rastreamento;\n');
  const fourHoursAgo = Date.now() - 4 * HOUR_MS;
  const limit = events.filter(({ recebido_em }) => recebido_em <= fourHoursAgo).length;
  const ran = await run('--sql', file, '--above', String(limit), '--days', '0.25');
  await rm(file);
  expect([ran.code, ran.result.differences]).toEqual([0, []]);
  const crossing = events[limit]?.recebido_em ?? NaN;
  expect(rulesOf(ran)[0]?.episodes).toEqual([
    {
      instance: '(one value)',
      kind: 'Alerting',
      pending: null,
      firing: minuteFrom(crossing),
      resolved: null,
      value: expect.any(Number) as number,
    },
  ]);
});

test('lanes fire after the frozen hub, each for itself, and the limit that is found tells as seldom as asked', async () => {
  const [file, out] = [path.join(dir, 'lentas.sql'), path.join(dir, 'transitions.ndjson')];
  await writeFile(
    file,
    'SELECT rota, tempo_medio_segundos / 86400 AS dias FROM rotas_desde_ontem WHERE entregas >= 3',
  );
  const ran = await run(
    ...['--sql', file, '--above', '5', '--below', '4', '--for', '2h', '--keep-firing', '4h'],
    ...['--days', '8', '--every', '2h', '--at-most', '1', '--out', out],
  );
  expect([ran.code, ran.result.differences]).toEqual([0, []]);
  const [rule] = rulesOf(ran);
  expect(
    rule?.episodes.some(({ instance, firing }) => instance.includes('São Paulo') && firing !== null),
  ).toBe(true);
  expect(rule?.limit?.firing_per_week).toBeLessThanOrEqual(1);
  expect(rule?.limit?.fires).toMatch(/^above [\d.]+$/);
  const changes = (await readFile(out, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { to: string });
  await rm(file);
  await rm(out);
  expect(changes.find(({ to }) => to === 'Pending')).toMatchObject({
    rule: 'lentas.sql',
    from: 'Normal',
    reason: '',
  });
});

test('all rules of the files that are in SQL, in one go', async () => {
  const ran = await run('--days', '1', '--every', '6h');
  expect([ran.code, ran.result.differences]).toEqual([0, []]);
  const rules = rulesOf(ran);
  expect(rules.length).toBeGreaterThan(5);
  expect(
    rules.filter(({ evaluations, errors }) => evaluations < 4 || Object.keys(errors).length > 0),
  ).toEqual([]);
  for (const reason of ran.result.left as string[]) expect(reason).toMatch(/its query A is not in SQL/);
});

test.each([
  [2, ['--rule', 'nada'], /has no rule "nada"; it has rastreio-/],
  [2, ['--sql', 'package.json'], /Give the limit of the SQL: --above N/],
  [2, ['--sql', 'package.json', '--above', '1', '--below', '2'], /--below 2 is above --above 1/],
  [2, ['--above', '1'], /--above belongs to --sql/],
  [2, ['--url', 'http://127.0.0.1:1'], /--url needs --rule/],
  [2, ['--days', '0'], /above 0/],
])('exit code %d for %j', async (code, args, message) => {
  const ran = await run(...args);
  expect([ran.code, ran.stderr]).toEqual([code, expect.stringMatching(message)]);
});

test('a clock that cannot be moved is named, with what to write instead', async () => {
  const file = path.join(dir, 'hoje.sql');
  await writeFile(file, 'SELECT extract(day FROM CURRENT_DATE)');
  const ran = await run('--sql', file, '--above', '1');
  await rm(file);
  expect([ran.code, ran.stderr]).toEqual([
    78,
    expect.stringMatching(/its SQL says CURRENT_DATE, which cannot be moved; write now\(\)/),
  ]);
});

test('an interrupt leaves neither server nor folder', async () => {
  const child = spawnRastreio(['alerts', 'backtest', '--days', '8', '--every', '1m'], {
    DATABASE_URL: database.readerUrl,
    TMPDIR: dir,
  });
  child.stdout.resume();
  child.stderr.resume();
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let pid = 0;
  await until('the copy is being filled', async () => {
    const [folder = ''] = await readdir(dir);
    const file = path.join(dir, folder, 'database/data/postmaster.pid');
    // The file is empty for a moment, and initdb's server writes its number with a minus: neither is the server that must end.
    if (existsSync(file)) pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
    return pid > 0;
  });
  child.kill('SIGINT');
  expect(await ended).toBe(1);
  expect(await readdir(dir)).toEqual([]);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
