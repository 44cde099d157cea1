// Shows G6 of docs/guarantees.md.
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOPIC_EVENTS } from '@rastreio/contract';
import { createKafka, ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { freePorts, startShortLivedKafka, type RunningKafka } from '@rastreio/stack';
import { spawnRastreio } from '@rastreio/testing/command';
import { readTopic } from '@rastreio/testing/topic';

const WORKERS = 8;
const BATCH = 20;
const log = createLog('test', 'silent');

let dir: string;
let kafka: RunningKafka;
let kafkaOptions: Parameters<typeof startShortLivedKafka>[0];
let service: ChildProcess;
let url: string;
let env: Record<string, string>;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-ingest-'));
  const [internal = 0, external = 0, controller = 0, http = 0, metrics = 0] = await freePorts(5);
  kafkaOptions = { dir, ports: { internal, external, controller } };
  kafka = await startShortLivedKafka(kafkaOptions);
  await ensureTopics({ brokers: kafka.brokers, log });
  url = `http://127.0.0.1:${http}`;
  env = {
    KAFKA_BROKERS: kafka.brokers,
    HTTP_PORT: String(http),
    METRICS_PORT: String(metrics),
    ACK_TIMEOUT_MS: '1500',
    LOG_LEVEL: 'warn',
  };
  await startService();
});
afterAll(async () => {
  service.kill('SIGKILL');
  await kafka.stop();
  await rm(dir, { recursive: true, force: true });
});

async function startService(): Promise<void> {
  service = spawnRastreio(['http'], env);
  // Nobody reads it: a full pipe would stop the service.
  service.stdout?.resume();
  service.stderr?.resume();
  await until(async () => (await fetch(`${url}/livez`)).ok, 240_000);
}

async function until(done: () => Promise<boolean> | boolean, timeoutMs: number): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; ; await sleep(50)) {
    // Not there yet is what is waited for.
    if (await Promise.resolve(done()).catch(() => false)) return;
    if (Date.now() > deadline) throw new Error('it did not happen in time');
  }
}

const events = (first: number) =>
  Array.from({ length: BATCH }, (_, i) => ({
    id_pacote: first + i,
    origem: 'Natal',
    destino: 'Acre',
    status_rastreamento: 'POSTADO',
    data_atualizacao: '2026-01-02T03:04:05Z',
  }));

/** The status of an answer, 0 when there is none. */
async function post(first: number): Promise<number> {
  try {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/eventos`, {
      method: 'POST',
      headers,
      body: JSON.stringify(events(first)),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    // Refused or broken off: the carrier knows nothing and sends again.
    return 0;
  }
}

/** Carriers that send batch after batch, each again and again until it is answered with 202. */
function startLoad() {
  const acknowledged: number[] = [];
  const answers: Record<number, number> = {};
  let next = 1;
  let stopped = false;
  const worker = async () => {
    while (!stopped) {
      const first = next;
      next += BATCH;
      for (;;) {
        const status = await post(first);
        answers[status] = (answers[status] ?? 0) + 1;
        if (status === 202) break;
        await sleep(50);
      }
      acknowledged.push(first);
      await sleep(5);
    }
  };
  const workers = Array.from({ length: WORKERS }, worker);
  return {
    acknowledged,
    answers,
    progress: () =>
      until(
        (
          (from) => () =>
            acknowledged.length > from + 50
        )(acknowledged.length),
        60_000,
      ),
    async stop() {
      stopped = true;
      await Promise.all(workers);
    },
  };
}

async function killService(): Promise<void> {
  const gone = new Promise((resolve) => service.once('close', resolve));
  service.kill('SIGKILL');
  await gone;
}

async function killBroker(): Promise<void> {
  kafka.kill();
  await kafka.ended;
}

test('what was answered with 202 is in Kafka after kill -9 of the service and of the broker and a frozen broker', async () => {
  const load = startLoad();
  await load.progress();
  await killService();
  await startService();
  await load.progress();
  await killBroker();
  await sleep(2_500);
  kafka = await startShortLivedKafka(kafkaOptions);
  await load.progress();
  process.kill(kafka.pid, 'SIGSTOP');
  await sleep(3_000);
  process.kill(kafka.pid, 'SIGCONT');
  await load.progress();
  await Promise.all([killService(), killBroker()]);
  kafka = await startShortLivedKafka(kafkaOptions);
  await startService();
  await load.progress();
  await load.stop();

  const reader = createKafka({ brokers: kafka.brokers, clientId: 'test', log });
  const messages = await readTopic(reader, TOPIC_EVENTS, load.acknowledged.length * BATCH, 2_000);
  const seen = new Set(messages.map(({ key }) => Number(key)));
  const expected = load.acknowledged.flatMap((first) => Array.from({ length: BATCH }, (_, i) => first + i));
  const lost = expected.filter((id) => !seen.has(id));
  process.stderr.write(
    `${JSON.stringify({ acknowledged: expected.length, lost: lost.length, repeated: messages.length - seen.size, answers: load.answers })}\n`,
  );
  expect(lost).toEqual([]);
  expect(seen.size).toBe(expected.length);
  // The faults were felt, or the test shows nothing.
  expect(load.answers[0]).toBeGreaterThan(0);
  expect(load.answers[503]).toBeGreaterThan(0);
});

test('a stop answers everything in flight, refuses what comes later and exits with 0', async () => {
  process.kill(kafka.pid, 'SIGSTOP');
  const flying = Array.from({ length: 10 }, (_, i) => post(900_000_000 + i * BATCH));
  await sleep(300);
  const exit = new Promise<number | null>((resolve) => service.once('exit', resolve));
  service.kill('SIGTERM');
  await sleep(300);
  process.kill(kafka.pid, 'SIGCONT');
  expect(await Promise.all(flying)).toEqual(new Array(10).fill(202));
  expect(await exit).toBe(0);
  expect(await post(1)).toBe(0);
});

test('the service starts without a broker, is not ready, answers 503 within its bound, and goes on when there is one', async () => {
  await killBroker();
  await startService();
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  const startedAt = Date.now();
  expect(await post(950_000_000)).toBe(503);
  expect(Date.now() - startedAt).toBeLessThan(60_000);
  kafka = await startShortLivedKafka(kafkaOptions);
  await until(async () => (await fetch(`${url}/readyz`)).ok, 240_000);
  await until(async () => (await post(960_000_000)) === 202, 240_000);
});
