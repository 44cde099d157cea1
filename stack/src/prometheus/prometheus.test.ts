import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { REPO_ROOT } from '../paths';
import { freePorts } from '../ports';
import { waitUntil } from '../waitUntil';
import { localConfig } from './config';
import { providePrometheus } from './start';

interface Config {
  global: object;
  scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
}

const TARGETS = { consumer: '127.0.0.1:1111', http: '127.0.0.1:2222' };
const environment = { ...process.env };
let dir: string;
let notes: string[];

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-prometheus-'));
  notes = [];
  // Only what a test puts there can be found.
  process.env.PATH = path.join(dir, 'bin');
  process.env.RASTREIO_VENDOR_DIR = path.join(dir, 'vendor');
});

afterEach(async () => {
  process.env = { ...environment };
  await rm(dir, { recursive: true, force: true });
});

/** A program of this name that answers on the port of its command line, until `seconds` have passed. */
async function install(seconds = 60): Promise<void> {
  const code = `
    const address = process.argv.find((a) => a.startsWith('--web.listen-address='));
    if (!address) process.exit(0);
    const [host, port] = address.split('=')[1].split(':');
    require('node:http').createServer((q, r) => r.end('ready')).listen(Number(port), host);
    setTimeout(() => process.exit(3), ${seconds * 1000});`;
  const script = path.join(dir, 'bin', 'program.cjs');
  await mkdir(path.dirname(script));
  await writeFile(script, code);
  await writeFile(
    path.join(dir, 'bin', 'prometheus'),
    `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`,
    {
      mode: 0o755,
    },
  );
}

const provide = (port: number, wanted = true, env: Record<string, string> = {}) =>
  providePrometheus(
    {
      dir,
      port,
      targets: TARGETS,
      wanted: () => Promise.resolve(wanted),
      progress: { note: (text) => notes.push(text) },
      signal: new AbortController().signal,
    },
    env,
  );

test('the stack scrapes the jobs of the containers, each where it is here', async () => {
  const text = await readFile(path.join(REPO_ROOT, 'provisioning/prometheus/prometheus.yaml'), 'utf8');
  const [containers, here] = [text, localConfig(text, TARGETS)].map((t) => parse(t) as Config);
  expect(here?.global).toEqual(containers?.global);
  expect(here?.scrape_configs.map(({ job_name }) => job_name)).toEqual(
    containers?.scrape_configs.map(({ job_name }) => job_name),
  );
  expect(here?.scrape_configs).toEqual([
    { job_name: 'consumer', static_configs: [{ targets: ['127.0.0.1:1111'] }] },
    { job_name: 'http', static_configs: [{ targets: ['127.0.0.1:2222'] }] },
  ]);
});

test('a job that the stack has no target for is an error, not a gap', () => {
  const text = 'scrape_configs: [{ job_name: consumer }, { job_name: pull }]';
  expect(() => localConfig(text, { consumer: 'a:1' })).toThrow(
    /has the jobs consumer, pull.*targets for consumer/,
  );
});

test('one on PATH runs on loopback with its own configuration, and is stopped', async () => {
  await install();
  const [port = 0] = await freePorts(1);
  const prometheus = await provide(port);
  expect(await prometheus.ready).toBe(true);
  expect(prometheus.url).toBe(`http://127.0.0.1:${port}`);
  expect(await (await fetch(prometheus.url)).text()).toBe('ready');
  const config = parse(await readFile(path.join(dir, 'prometheus', 'prometheus.yaml'), 'utf8')) as Config;
  expect(config.scrape_configs).toHaveLength(2);
  await prometheus.stop();
  await expect(fetch(prometheus.url)).rejects.toThrow();
  expect(notes).toEqual([]);
});

test('where its port is taken, another one is used', async () => {
  await install();
  const [port = 0] = await freePorts(1);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  try {
    const prometheus = await provide(port);
    expect(await prometheus.ready).toBe(true);
    expect(prometheus.url).not.toContain(String(port));
    expect(notes.join()).toMatch(new RegExp(`port ${port} is taken`));
    await prometheus.stop();
  } finally {
    other.close();
  }
});

test('where there is none, that is a note', async () => {
  const [port = 0] = await freePorts(1);
  const prometheus = await provide(port);
  expect(await prometheus.ready).toBe(false);
  expect(notes).toEqual([expect.stringMatching(/^no Prometheus \(.*(apt-get|Linux)\).*PROMETHEUS_URL/)]);
  await prometheus.stop();
});

test('one that ends by itself is told, and started again', async () => {
  await install(1);
  const [port = 0] = await freePorts(1);
  const prometheus = await provide(port);
  expect(await prometheus.ready).toBe(true);
  await waitUntil(
    'the note',
    () => (notes.length > 0 ? Promise.resolve() : Promise.reject(new Error('none yet'))),
    { timeoutMs: 20_000 },
  );
  expect(notes.join()).toMatch(/prometheus ended with exit code 3 and is started again .*prometheus\.log/);
  await prometheus.stop();
});

test('PROMETHEUS_URL is taken as it is; where nobody asks, none is started', async () => {
  await install();
  const [port = 0] = await freePorts(1);
  const given = await provide(port, true, { PROMETHEUS_URL: 'http://metrics.example:9090' });
  expect([given.url, await given.ready]).toEqual(['http://metrics.example:9090', true]);
  const unwanted = await provide(port, false);
  expect(await unwanted.ready).toBe(false);
  expect(notes).toEqual([]);
});
