import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDecoder } from '@rastreio/contract';
import { importFile } from '@rastreio/csv';
import { freshDatabase, SERVERS } from '@rastreio/testing/servers';
import { runRastreio, type Ran } from '@rastreio/testing/command';
import { verify } from '../verify/verify';

const ALL_FAULTS = 'dup=.02,late=.02,malformed=.02,unknown=.01,naive=.01,future=.01,conflict=.01';
const WORLD = ['--seed', '42', '--start', '2026-09-01T00:00:00Z', '--count', '5000', '--faults', ALL_FAULTS];

let dir: string;
beforeAll(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-simulate-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));
const simulate = (...args: string[]): Promise<Ran> => runRastreio(['simulate', ...args]);
const sha = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
const summary = ({ stdout }: Ran) =>
  JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;

test('the same seed and options give the same bytes, to stdout and to a file, for ever', async () => {
  const ran = await simulate(...WORLD, '--out', '-');
  expect(sha(ran.stdout)).toBe('55c00e71a3c5aed95d779d965a2d3e2a77543cff0000261fdc09cbc43334b634');
  const file = path.join(dir, 'events.ndjson');
  const again = await simulate(...WORLD, '--out', file);
  expect(sha(await readFile(file))).toBe(sha(ran.stdout));
  expect(summary(again)).toMatchObject({ seed: 42, refused: 0, not_sent: 0, asked_rate: null });
  expect(JSON.parse(ran.stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
    command: 'simulate',
    seed: 42,
  });
});

test('seed 0 draws one and reports it, and that seed repeats the run', async () => {
  const bounds = ['--start', '2026-09-01T00:00:00Z', '--count', '200', '--out'];
  const [a, b] = [path.join(dir, 'a.ndjson'), path.join(dir, 'b.ndjson')];
  const first = summary(await simulate(...bounds, a));
  expect(first.seed).toBeGreaterThan(0);
  await simulate('--seed', String(first.seed), ...bounds, b);
  expect(await readFile(b, 'utf8')).toBe(await readFile(a, 'utf8'));
});

test('a run that was cut off goes on: what is skipped is not sent again and is in the truth', async () => {
  const file = (name: string) => path.join(dir, `${name}.ndjson`);
  await simulate(...WORLD, '--out', file('whole'), '--ground-truth', file('whole-truth'));
  const rest = ['--skip', '2000', '--out', file('rest'), '--ground-truth', file('rest-truth')];
  const ran = summary(await simulate(...WORLD, ...rest));
  const lines = (await readFile(file('whole'), 'utf8')).split('\n');
  expect(ran).toMatchObject({ skipped: 2000, sent: lines.length - 1 - 2000 });
  expect(await readFile(file('rest'), 'utf8')).toBe(lines.slice(2000).join('\n'));
  expect(await readFile(file('rest-truth'), 'utf8')).toBe(await readFile(file('whole-truth'), 'utf8'));
});

test('a CSV file imported gives its ground truth, rejected lines included', async () => {
  const [file, truth] = [path.join(dir, 'events.csv'), path.join(dir, 'truth.ndjson')];
  expect((await simulate(...WORLD, '--out', file, '--ground-truth', truth)).code).toBe(0);
  const db = await freshDatabase(SERVERS[0]!);
  try {
    await importFile({ databaseUrl: db.writerUrl, file });
    const result = await verify({ file: truth, databaseUrl: db.ownerUrl, waitMs: 0, ignoreOthers: false });
    expect(result).toMatchObject({ ok: true, differences: [] });
  } finally {
    await db.drop();
  }
});

test('a profile sets what the command line leaves open', async () => {
  const profile = path.join(dir, 'profile.yaml');
  const text = `seed: 42\nstart: 2026-09-01T00:00:00Z\ncount: 100\nfaults: { dup: 1 }\nincidents:\n  - kind: strike\n    at: 1d\n`;
  await writeFile(profile, text);
  expect(summary(await simulate('--profile', profile, '--dry-run', '--count', '50'))).toMatchObject({
    seed: 42,
    event: 50,
    duplicate: 50,
  });
});

test('a wrong profile is answered with every problem and its line', async () => {
  const profile = path.join(dir, 'wrong.yaml');
  await writeFile(
    profile,
    `seed: -1\nrates: 3\nfaults:\n  dup: 2\n  lates: .1\nbackfill: soon\nincidents:\n  - kind: flood\n`,
  );
  const { code, stderr } = await simulate('--profile', profile);
  expect(code).toBe(78);
  for (const problem of [
    /line 1: seed: /,
    /line 2: rates: there is no such/,
    /line 4: faults\.dup: needs a share/,
    /line 5: faults\.lates/,
    /line 6: backfill: "soon" is no duration/,
    /line 8: incidents\.0\.kind: .*"frozen_hub"/,
  ])
    expect(stderr).toMatch(problem);
  await writeFile(profile, 'a: [1,\n');
  expect((await simulate('--profile', profile)).stderr).toMatch(/line [12]: /);
});

test.each([
  [['--count', '5', '--url', 'http://localhost:1', '--out', 'x'], 2, /exclude each other/],
  [['--rate', 'fast'], 2, /whole number|a number/],
  [['--count', '5', '--state', 'x'], 2, /--state is for live runs/],
  [['--count', '5', '--skip', '2', '--dry-run'], 2, /give its --seed, --start/],
  [['--count', '5', '--start', '2999-01-01T00:00:00Z', '--dry-run'], 2, /must lie in the past/],
  [['--count', '5', '--out', '/no/such/folder/x'], 1, /check the path/],
  [['--format', 'csv', '--count', '5'], 2, /--format goes with --out/],
])('%j ends with %i and says what to do', async (args, code, message) => {
  const ran = await simulate(...args);
  expect(ran.stderr).toMatch(message);
  expect(ran.code).toBe(code);
});

test('progress as JSON lines', async () => {
  const { stderr } = await simulate(...WORLD, '--dry-run', '--log-json');
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.at(-1)).toMatchObject({ msg: 'finished', event: expect.any(Number) as number });
});

test('every line of an NDJSON file is what the validator makes of it', async () => {
  const file = path.join(dir, 'check.ndjson');
  const counts = summary(await simulate(...WORLD, '--out', file));
  const decode = createDecoder();
  const results = (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => decode(Buffer.from(line)).ok);
  expect(results.filter((ok) => !ok)).toHaveLength(
    Number(counts.malformed) + Number(counts.naive) + Number(counts.future),
  );
});
