import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runRastreio } from '@rastreio/testing/command';

const ROOT = path.resolve(__dirname, '../..');
let dir: string;
beforeEach(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-cli-doctor-'))));
afterEach(() => rm(dir, { recursive: true, force: true }));

interface Result {
  readonly failed: number;
  readonly warned: number;
  readonly checks: readonly { code: string; level: string; seen: string; advice: string | null }[];
}

test('what fails is named on one line of JSON, with what to do, and ends with 1', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const args = ['doctor', '--json', '--stack', dir, '--port-kafka', String(port)];
  const { code, stdout, stderr } = await runRastreio(args);
  server.close();
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  const { failed, checks } = JSON.parse(stdout) as Result;
  expect(failed).toBeGreaterThan(0);
  expect(checks.find(({ code: own }) => own === 'RD020')).toMatchObject({
    level: 'fail',
    seen: expect.stringContaining(`port ${port} is taken`) as string,
    advice: expect.stringContaining('--port-kafka') as string,
  });
  expect(stderr).toBe('');
  expect(code).toBe(1);
});

test('a command line that is wrong ends with 2', async () => {
  expect((await runRastreio(['doctor', '--port-kafka', 'x'])).code).toBe(2);
});

test('in a fresh clone it says what to run, and ends with 78', async () => {
  const files = ['package.json', 'cli/bin', 'scripts/prerequisites.mjs', 'scripts/run.mjs'];
  for (const file of files) {
    await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
    await cp(path.join(ROOT, file), path.join(dir, file), { recursive: true });
  }
  const { status, stderr } = spawnSync(process.execPath, [path.join(dir, 'cli/bin/rastreio.mjs'), 'doctor'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('The dependencies are not installed: run npm ci (npm start does it by itself)\n');
  expect(status).toBe(78);
});
