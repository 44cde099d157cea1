import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@rastreio/database';
import { freePorts } from '../ports';
import { startDatabase, type RunningDatabase } from '.';
import { debianDataDir, existingClusters, ownDataDir } from './existing';
import type { OwnProvider, Provider } from './types';

let dir: string;
let told: string[];
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-database-'));
  told = [];
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const log = { info: (text: unknown) => void told.push(String(text)) };

/** A provider that notes that it was asked to start, and does what it is told to. */
function fake(name: OwnProvider, started: string[], how: () => Promise<RunningDatabase>): Provider {
  return {
    name,
    unavailable: () => Promise.resolve(null),
    start() {
      started.push(name);
      return how();
    },
  };
}

const runs = () => Promise.resolve({ provider: 'a fake' } as RunningDatabase);
const fails = () => Promise.reject(new Error('not ready after 60 s'));

async function makeCluster(dataDir: string, files: Record<string, string> = {}): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  for (const [name, text] of Object.entries({ PG_VERSION: '17\n', ...files }))
    await writeFile(path.join(dataDir, name), text);
}

describe('a folder that holds a cluster', () => {
  test.each<[OwnProvider, (dir: string) => string, Record<string, string>]>([
    ['timescaledb', debianDataDir, {}],
    ['embedded', ownDataDir, {}],
    ['embedded', ownDataDir, { 'rastreio-provider': 'embedded\n' }],
    ['installed', ownDataDir, { 'rastreio-provider': 'installed\n' }],
    [
      'installed',
      ownDataDir,
      { 'postmaster.opts': '/usr/bin/postgres "-c" "shared_preload_libraries=timescaledb"' },
    ],
    ['embedded', ownDataDir, { 'postmaster.opts': '/x/native/bin/postgres "-D" "/x"' }],
  ])('gets %s alone, whatever becomes of it', async (name, place, files) => {
    await makeCluster(place(dir), files);
    const started: string[] = [];
    const providers = (['installed', 'timescaledb', 'embedded'] as const).map((p) => fake(p, started, fails));
    await expect(startDatabase({ provider: 'auto', dir, port: 1, log }, providers)).rejects.toThrow('60 s');
    expect(started).toEqual([name]);
    for (const other of (['installed', 'timescaledb', 'embedded'] as const).filter((p) => p !== name))
      await expect(startDatabase({ provider: other, dir, port: 1, log }, providers)).rejects.toMatchObject({
        exitCode: 78,
        message: expect.stringMatching(
          new RegExp(`--database ${other}.*--database ${name}.*--reset`),
        ) as string,
      });
    expect(started).toEqual([name]);
  });

  test('whose provider is gone is not replaced by another one', async () => {
    await makeCluster(debianDataDir(dir));
    const started: string[] = [];
    const gone: Provider = {
      ...fake('timescaledb', started, runs),
      unavailable: () => Promise.resolve('no apt-get'),
    };
    const attempt = startDatabase({ provider: 'auto', dir, port: 1, log }, [
      gone,
      fake('embedded', started, runs),
    ]);
    await expect(attempt).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('no apt-get') as string,
    });
    expect(started).toEqual([]);
  });

  test('of each of two providers says so, and takes the one that is named', async () => {
    await makeCluster(debianDataDir(dir));
    await makeCluster(ownDataDir(dir));
    const started: string[] = [];
    const providers = [fake('timescaledb', started, runs), fake('embedded', started, runs)];
    await expect(startDatabase({ provider: 'auto', dir, port: 1, log }, providers)).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(
        /two databases.*--database timescaledb or --database embedded/,
      ) as string,
    });
    await startDatabase({ provider: 'embedded', dir, port: 1, log }, providers);
    expect(started).toEqual(['embedded']);
  });

  test('an empty data folder is no cluster', async () => {
    await mkdir(ownDataDir(dir), { recursive: true });
    expect(await existingClusters(dir)).toEqual([]);
  });
});

test('a start that was interrupted does not go on to the next provider', async () => {
  const started: string[] = [];
  const stop = new AbortController();
  const interrupted = fake('timescaledb', started, () => {
    stop.abort(new Error('Ctrl-C'));
    return Promise.reject(new Error('apt-get ended with SIGINT'));
  });
  const attempt = startDatabase({ provider: 'auto', dir, port: 1, log, signal: stop.signal }, [
    interrupted,
    fake('embedded', started, runs),
  ]);
  await expect(attempt).rejects.toThrow('Ctrl-C');
  expect(started).toEqual(['timescaledb']);
});

describe('a real server', () => {
  let port: number;
  let running: RunningDatabase | undefined;
  beforeEach(async () => ([port = 0] = await freePorts(1)));
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  const start = (options: { signal?: AbortSignal; tellEveryMs?: number } = {}) =>
    startDatabase({ provider: 'embedded', dir, port, log, ...options });
  const passwordFile = () => path.join(dir, 'superuser-password');
  const pidOfServer = async () => {
    const file = path.join(dir, 'run', 'database.pid');
    for (;;) {
      if (existsSync(file)) {
        const text = await readFile(file, 'utf8');
        if (text !== '') return (JSON.parse(text) as { pid: number }).pid;
      }
      await sleep(2);
    }
  };

  test('that starts slowly is waited for, says so, and has its data', async () => {
    running = await start();
    await withClient(running.adminUrl, (client) => client.query('CREATE TABLE kept AS SELECT 7 AS n'));
    const password = await readFile(passwordFile(), 'utf8');
    await running.stop();
    const starting = start({ tellEveryMs: 1 });
    const pid = await pidOfServer();
    process.kill(pid, 'SIGSTOP');
    while (!told.some((text) => /the database has not answered for .*; waiting/.test(text))) await sleep(20);
    process.kill(pid, 'SIGCONT');
    running = await starting;
    const { rows } = await withClient(running.adminUrl, (client) => client.query('SELECT n FROM kept'));
    expect(rows).toEqual([{ n: 7 }]);
    expect(await readFile(passwordFile(), 'utf8')).toBe(password);
  });

  test('whose first start is interrupted leaves nothing that the next one takes for data', async () => {
    const stop = new AbortController();
    const starting = start({ signal: stop.signal });
    const fresh = `${ownDataDir(dir)}.new`;
    while (!existsSync(path.join(fresh, 'PG_VERSION'))) await sleep(1);
    stop.abort(new Error('Ctrl-C'));
    await expect(starting).rejects.toThrow('Ctrl-C');
    expect(await existingClusters(dir)).toEqual([]);
    running = await start();
    expect(await existingClusters(dir)).toMatchObject([{ provider: 'embedded' }]);
  });

  test('that does not take our password ends the start, and is not replaced', async () => {
    running = await start();
    await running.stop();
    const password = await readFile(passwordFile(), 'utf8');
    await writeFile(passwordFile(), 'another');
    await expect(start()).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('superuser-password') as string,
    });
    await rm(passwordFile());
    await expect(start()).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('--reset') as string,
    });
    await writeFile(passwordFile(), password);
    running = await start();
    expect(running.isRunning()).toBe(true);
  });
});
