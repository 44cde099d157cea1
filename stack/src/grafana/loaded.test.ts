import { appendFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startChild, type Child } from '../child';
import { logLength, waitUntilLoaded } from './loaded';

const LINE = 'logger=provisioning.dashboard level=info msg="finished to provision dashboards"\n';

let dir: string;
let log: string;
let child: Child | undefined;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-loaded-'));
  log = path.join(dir, 'logs', 'grafana.log');
});

afterEach(async () => {
  await child?.stop();
  child = undefined;
  await rm(dir, { recursive: true, force: true });
});

const grafana = (code: string) =>
  (child = startChild({ name: 'grafana', command: process.execPath, args: ['-e', code], dir }));

test('only what this start says counts', async () => {
  await mkdir(path.dirname(log));
  await writeFile(log, LINE);
  const from = await logLength(log);
  const running = grafana('setInterval(() => {}, 1000)');
  let loaded = false;
  const wait = waitUntilLoaded(running, from).then(() => (loaded = true));
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(loaded).toBe(false);
  appendFileSync(log, LINE);
  await wait;
});

test('a Grafana that says it in other words is waited for only so long', async () => {
  expect(await logLength(log)).toBe(0);
  await waitUntilLoaded(grafana('console.log("ready"); setInterval(() => {}, 1000)'), 0, 500);
});

test('one that ends is told, with the end of its log', async () => {
  const running = grafana('console.log("database is locked"); process.exit(1)');
  await expect(waitUntilLoaded(running, 0)).rejects.toThrow(/exit code 1[^]*database is locked/);
});
