import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { noteRunning } from '@rastreio/stack/running';
import { Command } from 'commander';
import { addBrokers, addDatabase, type PlaceOptions } from './options';
import { findDatabase, findKafka } from './where';

const GIVEN = 'postgresql://me:hidden@given:1/one';
const FROM_ENV = 'postgresql://me:hidden@environment:2/two';
const SECRETS = { owner: 'o', writer: 'w', reader: 'r', grafanaAdmin: 'g' };

let dir: string;
let told: jest.SpyInstance;
const environment = { ...process.env };

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-where-'));
  await writeFile(path.join(dir, 'secrets.json'), JSON.stringify(SECRETS));
  process.env.RASTREIO_STACK_DIR = dir;
  delete process.env.DATABASE_URL;
  delete process.env.KAFKA_BROKERS;
  told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  process.env = { ...environment };
  told.mockRestore();
  await rm(dir, { recursive: true });
});

/** What commander makes of a command line, with the environment as it is. */
function read(...args: string[]): PlaceOptions {
  return addBrokers(addDatabase(new Command('test'), 'anybody'))
    .parse(args, { from: 'user' })
    .opts();
}

const runStack = () =>
  noteRunning(dir, {
    databaseUrl: 'postgresql://stack:3/rastreio?sslmode=disable',
    brokers: 'stack:4',
    grafanaUrl: null,
    alertingEnv: {},
  });

test('the option wins over the environment, the environment over the stack that runs', async () => {
  await runStack();
  const fromStack = 'postgresql://rastreio_owner:o@stack:3/rastreio?sslmode=disable';
  expect(await findDatabase(read(), 'owner')).toBe(fromStack);
  expect(await findKafka(read())).toEqual({ brokers: 'stack:4', security: {} });
  process.env.DATABASE_URL = FROM_ENV;
  process.env.KAFKA_BROKERS = 'environment:5';
  expect(await findDatabase(read(), 'owner')).toBe(FROM_ENV);
  expect(await findKafka(read())).toEqual({ brokers: 'environment:5', security: {} });
  expect(await findDatabase(read('--database-url', GIVEN), 'owner')).toBe(GIVEN);
  expect(await findKafka(read('--brokers', 'given:6'))).toEqual({ brokers: 'given:6', security: {} });
});

test('an empty variable counts as none; the role is that of the command', async () => {
  await runStack();
  process.env.DATABASE_URL = '';
  process.env.KAFKA_BROKERS = '';
  expect(await findDatabase(read(), 'writer')).toMatch('//rastreio_writer:w@stack:3/');
  expect(await findDatabase(read(), 'reader')).toMatch('//grafana_reader:r@stack:3/');
  expect(await findKafka(read())).toEqual({ brokers: 'stack:4', security: {} });
});

test('it says which database it uses, and not the password', async () => {
  await runStack();
  await findDatabase(read(), 'owner');
  await findDatabase(read('--database-url', GIVEN), 'owner');
  expect(told.mock.calls.flat()).toEqual([
    `database: postgresql://rastreio_owner:***@stack:3/rastreio?sslmode=disable, of the stack in ${dir}\n`,
    'database: postgresql://me:***@given:1/one\n',
  ]);
});

test('--stack wins over RASTREIO_STACK_DIR', async () => {
  await runStack();
  process.env.RASTREIO_STACK_DIR = path.join(dir, 'elsewhere');
  await expect(findDatabase(read(), 'owner')).rejects.toThrow(/no stack runs in .*elsewhere/);
  expect(await findDatabase(read('--stack', dir), 'owner')).toMatch('@stack:3/');
});

test('without any of them it is a usage error that says what to give; Kafka is where it usually is', async () => {
  await expect(findDatabase(read(), 'owner')).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/--database-url or set DATABASE_URL.*npm start/s) as string,
  });
  expect(await findKafka(read())).toEqual({ brokers: 'localhost:9094', security: {} });
});

test('a stack that has stopped or was killed is none', async () => {
  const forget = await runStack();
  await forget();
  await expect(findDatabase(read(), 'owner')).rejects.toThrow(/no stack runs/);
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  const note = { databaseUrl: 'postgresql://stack:3/x', brokers: 'x:1', grafanaUrl: null, alertingEnv: {} };
  await writeFile(path.join(dir, 'running.json'), JSON.stringify({ pid: ended, ...note }));
  await expect(findDatabase(read(), 'owner')).rejects.toThrow(/no stack runs/);
  // Another process has the number of ours by now.
  await writeFile(
    path.join(dir, 'running.json'),
    JSON.stringify({ pid: process.pid, startTime: '0', ...note }),
  );
  await expect(findDatabase(read(), 'owner')).rejects.toThrow(/no stack runs/);
});
