import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from './child';
import { describeEnd } from './ends';
import { shortenLog } from './logFile';
import { stopAll } from './stopAll';
import { supervise, type Supervised } from './supervise';

const LIMITS = { atMost: 3, withinMs: 600_000, firstDelayMs: 1, maxDelayMs: 1 };

let dir: string;
let told: string[];
let kept: Supervised | undefined;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-supervise-'));
  told = [];
});
afterEach(async () => {
  await kept?.stop();
  kept = undefined;
  await rm(dir, { recursive: true, force: true });
});

const child = (code: string): Child =>
  startChild({ name: 'child', command: process.execPath, args: ['-e', code], dir });
const watched = (first: Child) => (kept = supervise(first, (text) => told.push(text), LIMITS));
const pid = async () => {
  const text = await readFile(path.join(dir, 'run', 'child.pid'), 'utf8').catch(() => '');
  return text === '' ? undefined : (JSON.parse(text) as { pid: number }).pid;
};

describe('a process that ends by itself', () => {
  test.each(['SIGKILL', 'SIGTRAP', 'SIGSEGV'] as const)('of %s is started again', async (signal) => {
    const first = child('setInterval(() => {}, 1000)');
    const part = watched(first);
    process.kill(first.pid, signal);
    let second = await pid();
    while (second === undefined || second === first.pid) {
      await sleep(20);
      second = await pid();
    }
    expect(told).toEqual([
      expect.stringContaining(`child ended with ${signal} and is started again (1 of 3)`),
    ]);
    expect(told[0]).toContain(signal === 'SIGKILL' ? 'want of memory' : 'npm run doctor');
    expect(part.isRunning()).toBe(true);
    await part.stop();
    expect(part.isRunning()).toBe(false);
    expect(await part.ended).toBe('SIGTERM');
  });

  test('again and again is given up, with the lines of its last run', async () => {
    await writeFile(path.join(dir, 'runs'), '');
    const part = watched(
      child(`const fs = require('node:fs');
        fs.appendFileSync(${JSON.stringify(path.join(dir, 'runs'))}, 'x');
        console.log('run', fs.readFileSync(${JSON.stringify(path.join(dir, 'runs'))}, 'utf8').length);
        process.exit(1)`),
    );
    expect(await part.ended).toBe('exit code 1');
    const started = expect.stringMatching(
      /^child ended with exit code 1 and is started again .*npm run doctor/,
    ) as string;
    expect(told).toEqual([started, '  run 1', started, '  run 2', started, '  run 3']);
    expect(part.tail()).toBe('run 4');
    expect(describeEnd(part, await part.ended)).toMatch(
      /^child ended with exit code 1: npm run doctor .*\. The end of .*child\.log:\nrun 4$/,
    );
  });

  test.each([78, 2])('with %d, which asks for a person, is not started again', async (code) => {
    const part = watched(child(`process.exit(${code})`));
    expect(await part.ended).toBe(`exit code ${code}`);
    expect(told).toEqual([]);
    expect(describeEnd(part, `exit code ${code}`)).toMatch(
      /correct what its log says.*says nothing of this run$/,
    );
  });

  test('with 75, which a consumer that stood still ends with, says what to read', async () => {
    const part = watched(child('process.exit(75)'));
    expect(await part.ended).toBe('exit code 75');
    expect(told[0]).toMatch(/is started again .*"A consumer that stands still" in docs\/operations.md/);
  });

  test('and cannot be noted down on a full disk leaves nothing behind, and is started when it can', async () => {
    const first = child(`setInterval(() => {}, 1000) // ${dir}`);
    kept = supervise(first, (text) => told.push(text), { ...LIMITS, atMost: 1000 });
    const again = first.again.bind(first);
    jest.spyOn(first, 'again').mockImplementationOnce(() => {
      symlinkSync('/dev/full', path.join(dir, 'run', 'child.pid'));
      return again();
    });
    process.kill(first.pid, 'SIGKILL');
    while (told.length < 2 || (await pid()) === undefined) await sleep(20);
    expect(told[1]).toMatch(/ENOSPC.*is started again/);
    const there = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(dir));
    expect(there.map((line) => Number.parseInt(line, 10))).toEqual([await pid()]);
  });

  test('and is stopped meanwhile stays so', async () => {
    const first = child('setInterval(() => {}, 1000)');
    kept = supervise(first, (text) => told.push(text), {
      ...LIMITS,
      firstDelayMs: 600_000,
      maxDelayMs: 600_000,
    });
    process.kill(first.pid, 'SIGKILL');
    while (told.length === 0) await sleep(10);
    await kept.stop();
    expect(await kept.ended).toBe('SIGKILL');
  });
});

test('in a hurry, services that cannot end are killed, servers have their time', async () => {
  const asked: [string, number | undefined][] = [];
  const part = (name: string) => ({
    name,
    stop: (graceMs?: number) => Promise.resolve(void asked.push([name, graceMs])),
  });
  const parts = [part('database'), part('kafka'), part('consumer'), part('http')];
  await stopAll(parts, true);
  expect(asked).toEqual([
    ['http', 3_000],
    ['consumer', 3_000],
    ['kafka', undefined],
    ['database', undefined],
  ]);
  asked.length = 0;
  await stopAll(parts, false);
  expect(asked.map(([name]) => name)).toEqual(['http', 'consumer', 'kafka', 'database']);
  expect(asked.every(([, graceMs]) => graceMs === undefined)).toBe(true);
});

describe('a log', () => {
  const log = () => path.join(dir, 'logs', 'child.log');

  test('is readable by us only, also one of an earlier version', async () => {
    await child('').ended;
    expect((await stat(log())).mode & 0o777).toBe(0o600);
    await rm(log());
    await writeFile(log(), 'old\n', { mode: 0o644 });
    await child('').ended;
    expect((await stat(log())).mode & 0o777).toBe(0o600);
  });

  test('that has grown too long goes on from its beginning, while its process writes', async () => {
    const writer = child(`let n = 0; setInterval(() => console.log('line', n++), 1)`);
    try {
      while ((await stat(log())).size < 2_000) await sleep(5);
      shortenLog(log(), 1_000);
      const { size } = await stat(`${log()}.1`);
      expect(size).toBeGreaterThanOrEqual(2_000);
      while ((await stat(log())).size === 0) await sleep(5);
      expect(await readFile(log(), 'utf8')).toMatch(/^(line )?\d+\n/);
      expect(writer.tail(1)).toMatch(/^line \d+$/);
    } finally {
      await writer.stop();
    }
  });

  test('that somebody has removed has no last lines', async () => {
    const writer = child(`console.log('hello'); setInterval(() => {}, 1000)`);
    try {
      while (writer.tail(1) === '') await sleep(5);
      await rm(log());
      expect(writer.tail(1)).toBe('');
    } finally {
      await writer.stop();
    }
  });

  test('that is short stays', async () => {
    await child(`console.log('hello')`).ended;
    shortenLog(log(), 1_000);
    expect(await readFile(log(), 'utf8')).toBe('hello\n');
  });
});
