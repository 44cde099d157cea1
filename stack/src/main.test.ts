import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { REPO_ROOT } from './paths';

let dir: string;
beforeEach(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-main-'))));
afterEach(() => rm(dir, { recursive: true, force: true }));

/** What `npm start -- ARGS` says and ends with when it ends by itself. */
async function start(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [path.join(REPO_ROOT, 'stack', 'start.mjs'), ...args], {
    env: { ...process.env, npm_lifecycle_event: 'start', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

describe('what is wrong before anything starts is a sentence with its exit code, not a stack', () => {
  test.each<[string, number, string, (dir: string) => Promise<string[]>]>([
    [
      'a folder that is a file',
      78,
      'may write into',
      async (at) => {
        await writeFile(path.join(at, 'file'), '');
        return ['--dir', path.join(at, 'file')];
      },
    ],
    [
      'a folder under a file',
      78,
      'may write into',
      async (at) => {
        await writeFile(path.join(at, 'file'), '');
        return ['--dir', path.join(at, 'file', 'deeper')];
      },
    ],
    [
      'a lock that is a folder',
      78,
      'lock',
      async (at) => {
        await mkdir(path.join(at, 'lock', 'x'), { recursive: true });
        return ['--dir', at];
      },
    ],
    [
      'an address of no database',
      78,
      '--database-url "foo"',
      (at) => Promise.resolve(['--dir', at, '--database-url', 'foo']),
    ],
    [
      'an address of something else',
      78,
      'postgresql://',
      (at) => Promise.resolve(['--dir', at, '--database-url', 'http://x/']),
    ],
    ['a time that is none', 2, '90s, 15m', (at) => Promise.resolve(['--dir', at, '--backfill', 'banana'])],
  ])('%s: %d', async (_what, exitCode, words, prepare) => {
    const { code, said } = await start(await prepare(dir));
    expect(said).toContain(words);
    expect(said).not.toMatch(/^\s+at /m);
    expect(code).toBe(exitCode);
  });

  test('an option that npm kept for itself: 2', async () => {
    const { code, said } = await start(['--dir', dir], { npm_config_reset: 'true' });
    expect(said).toContain('npm start -- --reset');
    expect(code).toBe(2);
  });
});

describe('a stack is stopped', () => {
  const listener = () =>
    spawn(
      process.execPath,
      [
        ...['--import', 'tsx', '-e'],
        `const { listenForInterrupts } = require(${JSON.stringify(path.join(__dirname, 'interrupt.ts'))});
        const interrupt = listenForInterrupts();
        const up = setInterval(() => {}, 1000);
        void interrupt.happened.then((error) => {
          clearInterval(up);
          process.stdout.write('stopped by ' + (error?.message ?? 'request'));
        });
        process.stdin.once('data', () => { throw new Error('nobody caught this'); });
        process.stdin.unref();
        process.stdout.write('up ');`,
      ],
      { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] },
    );

  test.each<[string, string, (child: ChildProcess) => void]>([
    ['its launcher is killed', 'request', (child) => child.disconnect()],
    ['its terminal is closed', 'request', (child) => child.kill('SIGHUP')],
    [
      'it is interrupted, several times',
      'request',
      (child) => ['SIGINT', 'SIGINT', 'SIGTERM'].forEach((s) => child.kill(s as 'SIGINT')),
    ],
    ['an error is caught by nobody', 'nobody caught this', (child) => child.stdin?.write('x')],
  ])('when %s', async (_what, reason, interrupt) => {
    const child = listener();
    let said = '';
    child.stdout?.on('data', (text) => (said += String(text)));
    await once(child.stdout ?? child, 'data');
    const ended = Promise.all([once(child, 'exit'), once(child.stdout ?? child, 'end')]);
    interrupt(child);
    await ended;
    expect(said).toBe(`up stopped by ${reason}`);
  });
});
