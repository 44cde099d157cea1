import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '@rastreio/testing/until';
import { EVENT, log, openSource, post } from '../../test/source';
import { makeKey, openKeyRing, type KeyRing } from './keys';

const GRACE_MS = 60_000;
const [key, other] = [makeKey(), makeKey()];
const entry = (sha256: string) => `  - { carrier: correios, sha256: ${sha256} }\n`;
const good = `keys:\n${entry(key.sha256)}`;

let dir: string;
let file: string;
let ring: KeyRing;
let clock: number;
let looks: [number, boolean][];
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-keys-'));
  file = path.join(dir, 'keys.yaml');
  await writeFile(file, good);
  [clock, looks] = [Date.parse('2026-11-26T12:00:00Z'), []];
  ring = await openKeyRing({
    file,
    graceMs: GRACE_MS,
    log,
    now: () => clock,
    watchIntervalMs: 5,
    onRead: (...look) => looks.push(look),
  });
});
afterEach(async () => {
  ring.close();
  await rm(dir, { recursive: true, force: true });
});

const passes = ({ key: text }: { key: string }) => ring.find(text) !== undefined;
/** Changes the file and waits for a look that can read it, or cannot. The look may come before the change has returned. */
const looked = async (readable: boolean, change: () => Promise<unknown>) => {
  const before = looks.length;
  await change();
  await until(`a look that finds ${String(readable)}`, () =>
    looks.slice(before).some(([, r]) => r === readable),
  );
};

test.each([
  ['an empty list', 'keys: []\n'],
  ['nothing below "keys:", as it stays when the last entry is deleted', 'keys:\n'],
  ['comments only below it', 'keys:\n# - correios\n'],
])('the last key is revoked by %s', async (_name, text) => {
  expect(passes(key)).toBe(true);
  await writeFile(file, text);
  await until('the key is revoked', () => !passes(key));
  expect([looks.at(-1), ring.lapsed()]).toEqual([[0, true], null]);
});

test('a file without keys is a start, too: restarting after the last one was revoked is no crash', async () => {
  await writeFile(file, 'keys: []\n');
  const empty = await openKeyRing({ file, graceMs: GRACE_MS, log });
  expect([empty.find(key.key), empty.lapsed()]).toEqual([undefined, null]);
  empty.close();
});

test.each<[string, () => Promise<unknown>]>([
  ['gone', () => rm(file)],
  ['broken YAML', () => writeFile(file, 'keys: [')],
  ['empty', () => writeFile(file, '')],
  ['binary', () => writeFile(file, Buffer.from([0xff, 0xfe, 0, 1]))],
  ['of another shape', () => writeFile(file, 'keys: yes\n')],
  ['wrong in one entry', () => writeFile(file, `${good}${entry('abc')}`)],
  ['a folder', () => rm(file).then(() => mkdir(file))],
])('a file that is %s is told of, keeps its keys for a while, then lets nobody in', async (_name, damage) => {
  await looked(false, damage);
  expect([passes(key), ring.lapsed()]).toEqual([true, null]);
  clock += GRACE_MS;
  expect(passes(key)).toBe(false);
  expect(ring.lapsed()).toMatch(
    /^the keys cannot be read since 2026-11-26T12:00:00\.000Z, so none is good: ./,
  );
  await rm(file, { recursive: true, force: true });
  await looked(true, () => writeFile(file, `keys:\n${entry(other.sha256)}`));
  expect([passes(key), passes(other), ring.lapsed()]).toEqual([false, true, null]);
});

test('the same text again after a failure is read again', async () => {
  await looked(false, () => rm(file));
  await looked(true, () => writeFile(file, good));
  clock += GRACE_MS;
  expect([passes(key), ring.lapsed()]).toEqual([true, null]);
});

test('while no key is good because of the file, the answer is not that the key is wrong', async () => {
  const app = await openSource({ keys: ring, health: { notReady: () => ring.lapsed() } });
  const ask = (text: string) => post(app, EVENT, { headers: { authorization: `Bearer ${text}` } });
  expect((await ask(key.key)).statusCode).toBe(202);
  await looked(false, () => rm(file));
  expect([(await ask(key.key)).statusCode, (await app.inject('/readyz')).statusCode]).toEqual([202, 200]);
  clock += GRACE_MS;
  const answer = await ask(key.key);
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
  expect(answer.json()).toMatchObject({ type: 'urn:rastreio:problem:keys-unreadable' });
  expect((await app.inject('/readyz')).json()).toMatchObject({
    reason: expect.stringContaining('since') as string,
  });
  await app.close();
});
