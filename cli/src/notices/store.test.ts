import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLog } from '@rastreio/runtime';
import { runRastreio } from '@rastreio/testing/command';
import { noticeSchema, type Notice } from './notice';
import { openStore } from './store';

const log = createLog('test', 'silent');
let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'rastreio-notices-'));
  file = path.join(dir, 'avisos.jsonl');
});
afterEach(() => rmSync(dir, { recursive: true }));

const numbered = (n: number): Notice =>
  noticeSchema.parse({
    status: 'firing',
    title: `aviso ${n}`,
    receivedAt: '2026-11-26T12:00:00Z',
    alerts: [{ status: 'firing', labels: {}, startsAt: '2026-11-26T12:00:00Z' }],
  });
const titles = (notices: readonly Notice[]) => notices.map(({ title }) => Number(title?.slice(6)));
const LINE = Buffer.byteLength(JSON.stringify(numbered(1))) + 1;

test('the next start knows what an earlier one kept, whatever was left behind of a line', async () => {
  const before = await openStore(file, log);
  await Promise.all([1, 2, 3].map((n) => before.add(numbered(n))));
  expect(titles(before.list())).toEqual([3, 2, 1]);
  writeFileSync(file, `${readFileSync(file, 'utf8')}{"status":"fir`);
  const after = await openStore(file, log);
  await after.add(numbered(4));
  expect(titles(after.list())).toEqual([4, 3, 2, 1]);
  expect(titles((await openStore(file, log)).list())).toEqual([4, 3, 2, 1]);
});

test('memory and files are bounded: the oldest go', async () => {
  const limits = { notices: 8, bytes: 5 * LINE };
  const store = await openStore(file, log, limits);
  for (let n = 1; n <= 9; n++) await store.add(numbered(n));
  expect(titles(store.list())).toEqual([9, 8, 7, 6, 5]);
  for (const name of [file, `${file}.1`]) expect(readFileSync(name).length).toBeLessThanOrEqual(5 * LINE);
  expect(titles((await openStore(file, log, { ...limits, bytes: 100 * LINE })).list())).toEqual([
    9, 8, 7, 6, 5, 4, 3, 2,
  ]);
});

test('a notice that is larger than all that is kept is kept alone', async () => {
  const store = await openStore(undefined, log, { notices: 8, bytes: 10 });
  await store.add(numbered(1));
  await store.add(numbered(2));
  expect(titles(store.list())).toEqual([2]);
});

test('a file that can no longer be written: the notice is shown, and readyz says why, until it can', async () => {
  const store = await openStore(file, log);
  rmSync(dir, { recursive: true });
  await store.add(numbered(1));
  expect(titles(store.list())).toEqual([1]);
  expect(store.notReady()).toMatch(/avisos\.jsonl cannot be written: ENOENT/);
  dir = mkdtempSync(dir);
  writeFileSync(path.join(dir, 'x'), '');
  const { mkdirSync } = await import('node:fs');
  mkdirSync(path.dirname(file));
  await store.add(numbered(2));
  expect(store.notReady()).toBeNull();
  rmSync(path.dirname(file), { recursive: true });
});

test.each([
  [['--file', '/does/not/exist/avisos.jsonl'], 78, /name a file in a folder that this user may write to/],
  [['--port', '70000'], 2, /whole number from 0 to 65535/],
  [['--time-zone', 'Recife'], 2, /IANA time zone/],
])('notices %j: exit code %i', async (args, code, message) => {
  const ran = await runRastreio(['notices', ...args]);
  expect(ran.code).toBe(code);
  expect(ran.stdout + ran.stderr).toMatch(message);
});
