import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDecoder, TOPIC_EVENTS } from '@rastreio/contract';
import { createKafka, createPublisher, ensureTopics, type Publisher } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { runRastreio, spawnRastreio } from '@rastreio/testing/command';
import { KAFKA_BROKERS } from '@rastreio/testing/kafka';
import { freshTopic, readTopic } from '@rastreio/testing/topic';
import { pull, type PullOptions } from './pull';

const log = createLog('test', 'silent');
const kafka = createKafka({ brokers: KAFKA_BROKERS, clientId: 'test', log });
const event = (id: number) => ({
  id_pacote: id,
  origem: 'Natal',
  destino: 'Acre',
  status_rastreamento: 'POSTADO',
  data_atualizacao: '2026-01-02T03:04:05Z',
});

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-pull-'));
  await ensureTopics({ brokers: KAFKA_BROKERS, log });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('a carrier written for the test', () => {
  let server: Server;
  let url: string;
  let topic: string;
  let publisher: Publisher;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  beforeEach(async () => {
    server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/eventos`;
    topic = await freshTopic(kafka, 1);
    publisher = await createPublisher(kafka, topic, log);
  });
  afterEach(async () => {
    await publisher.close();
    server.closeAllConnections();
    server.close();
  });

  /** Pulls until `done`, then stops. */
  async function run(done: () => boolean, more: Partial<PullOptions> = {}) {
    const stop = new AbortController();
    const polls: string[] = [];
    const running = pull({
      url,
      apiKey: 'secret',
      stateFile: path.join(dir, `${topic}.json`),
      intervalMs: 20,
      timeoutMs: 2_000,
      publisher,
      decode: createDecoder(),
      log,
      signal: stop.signal,
      metrics: {
        published: () => undefined,
        repeated: () => undefined,
        polled: (result) => polls.push(result),
      },
      backoff: { firstDelayMs: 10, maxDelayMs: 50 },
      ...more,
    });
    const ended = running.then(() => true);
    while (!done() && !(await Promise.race([ended, sleep(10, false)])));
    stop.abort();
    await running;
    return polls;
  }

  test('follows rel=next, sends the key and the ETag, and waits when nothing is new', async () => {
    const seen: (string | undefined)[][] = [];
    answer = (request, response) => {
      seen.push([request.url, request.headers.authorization, request.headers['if-none-match']]);
      if (request.headers['if-none-match'] === '"end"') return void response.writeHead(304).end();
      const page = Number(new URL(request.url ?? '', url).searchParams.get('p') ?? 0);
      response.setHeader('content-type', 'application/x-ndjson');
      response.setHeader('etag', page === 2 ? '"end"' : `"${page}"`);
      response.setHeader('link', `</outro>; rel="prev", </eventos?p=${Math.min(2, page + 1)}>; rel="next"`);
      response.end(page === 2 ? '' : `${JSON.stringify(event(page + 1))}\nnonsense ${page}\n`);
    };
    const polls = await run(() => seen.filter(([, , etag]) => etag === '"end"').length >= 3);
    expect(seen.slice(0, 4)).toEqual([
      ['/eventos', 'Bearer secret', undefined],
      ['/eventos?p=1', 'Bearer secret', undefined],
      ['/eventos?p=2', 'Bearer secret', undefined],
      ['/eventos?p=2', 'Bearer secret', '"end"'],
    ]);
    expect(polls.slice(0, 4)).toEqual(['page', 'page', 'page', 'unchanged']);
    // What breaks the contract is published as it came, for the dead letters.
    const values = (await readTopic(kafka, topic, 4)).map(({ value }) => value);
    expect(values.filter((v) => v.startsWith('nonsense'))).toEqual(['nonsense 0', 'nonsense 1']);
    expect(
      values.filter((v) => v.startsWith('{')).map((v) => (JSON.parse(v) as { id_pacote: number }).id_pacote),
    ).toEqual([1, 2]);
  });

  test('a JSON array does as well; 429 waits as long as it says; failures are tried again', async () => {
    let asked = 0;
    const at: number[] = [];
    answer = (_request, response) => {
      at.push(Date.now());
      asked++;
      if (asked === 1) return void response.socket?.destroy();
      if (asked === 2) return void response.writeHead(429, { 'retry-after': '1' }).end('slow down');
      if (asked === 3) return void response.writeHead(500).end('oops');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify([event(7), event(8)]));
    };
    const polls = await run(() => asked >= 5);
    expect(polls.slice(0, 4)).toEqual(['failed', 'failed', 'failed', 'page']);
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThanOrEqual(950);
    expect((await readTopic(kafka, topic, 2)).length).toBeGreaterThanOrEqual(2);
  });

  test('the cursor does not move when the answer breaks off or leads to another host', async () => {
    let asked = 0;
    answer = (_request, response) => {
      asked++;
      response.setHeader('content-type', 'application/x-ndjson');
      response.setHeader(
        'link',
        asked === 1 ? '<http://other.example/x>; rel="next"' : '</eventos?p=1>; rel="next"',
      );
      response.write(`${JSON.stringify(event(1))}\n`);
      setTimeout(() => response.socket?.destroy(), 20);
    };
    const polls = await run(() => asked >= 3);
    expect(polls[0]).toBe('failed');
    expect(polls.every((result) => result === 'failed')).toBe(true);
    await expect(readFile(path.join(dir, `${topic}.json`))).rejects.toThrow(/ENOENT/);
  });

  test('a cursor that is gone starts over; a state file of another kind is refused', async () => {
    const asked: string[] = [];
    answer = (request, response) => {
      asked.push(request.url ?? '');
      if (request.url?.includes('p=9')) return void response.writeHead(410).end();
      response.setHeader('content-type', 'application/x-ndjson');
      response.setHeader('link', '</eventos?p=9>; rel="next"');
      response.end(`${JSON.stringify(event(1))}\n`);
    };
    // The one being asked when it is enough is broken off.
    expect((await run(() => asked.length >= 4)).slice(0, 3)).toEqual(['page', 'gone', 'page']);
    await writeFile(path.join(dir, `${topic}.json`), '{"seed":1}');
    await expect(run(() => false)).rejects.toThrow(/is no cursor of the pull source; delete it/);
  });
});

test('the simulator’s own API, with errors, read by a process that is killed half-way: nothing is missing', async () => {
  const world = [
    '--seed',
    '77',
    '--start',
    '2026-09-01T00:00:00Z',
    '--count',
    '30000',
    '--faults',
    'dup=.02,malformed=.02,late=.02',
  ];
  const file = path.join(dir, 'expected.ndjson');
  await runRastreio(['simulate', ...world, '--out', file]);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const carrier = spawnRastreio(['simulate', ...world, '--serve', '0', '--api-errors', '0.1']);
  const url = await new Promise<string>((resolve) => {
    carrier.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const found = /API at (\S+)/.exec(text);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
  });
  carrier.stdout?.resume();
  const stateFile = path.join(dir, 'cursor.json');
  const start = (): ChildProcess => {
    const env = {
      PULL_URL: url,
      PULL_STATE_FILE: stateFile,
      PULL_INTERVAL_SECONDS: '0.2',
      METRICS_PORT: '0',
      KAFKA_BROKERS,
    };
    const child = spawnRastreio(['pull'], env);
    child.stdout?.resume();
    child.stderr?.resume();
    return child;
  };
  const read = () =>
    readFile(stateFile, 'utf8').then(
      (t) => Number(/desde=(\d+)/.exec(t)?.[1]),
      () => 0,
    );
  let puller = start();
  try {
    while ((await read()) < 5_000) await sleep(20);
    puller.kill('SIGKILL');
    expect(await read()).toBeLessThan(30_000);
    puller = start();
    while ((await read()) < lines.length) await sleep(50);
    const exit = new Promise<number | null>((resolve) => puller.once('exit', resolve));
    puller.kill('SIGTERM');
    expect(await exit).toBe(0);
  } finally {
    puller.kill('SIGKILL');
    carrier.kill('SIGTERM');
  }
  // Other tests write to the topic, too: this world's events are told apart by their number.
  const canonical = (text: string) => {
    const result = createDecoder()(Buffer.from(text));
    return result.ok ? JSON.stringify(result.event) : text;
  };
  const wanted = new Set(lines.map(canonical));
  const found = new Set((await readTopic(kafka, TOPIC_EVENTS, wanted.size, 3_000)).map(({ value }) => value));
  expect([...wanted].filter((text) => !found.has(text)).slice(0, 5)).toEqual([]);
});
