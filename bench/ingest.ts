import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { sampleEvents } from './sample';
import { benchKafka, benchPorts, ROOT, rounded, rounds, runScript, type Figures } from './support';

/** Requests open at the same time, in each variant that has batches. */
const CONNECTIONS = 16;
/** A single event is a small request: more of them are needed to fill the pipe. */
const CONNECTIONS_SINGLE = 64;
const BODIES = 50;

/**
 * Measures events per second and p99 latency of the HTTP source beside kafkajs alone with the same guarantees (idempotent, acks
 * from all): with the same batches, and with the size at which it is fastest (the limit). Load, service and broker share the
 * machine.
 */
export async function benchIngest({
  rounds: count,
  seconds,
}: {
  rounds: number;
  seconds: number;
}): Promise<Record<string, unknown>> {
  const kafka = await benchKafka();
  let service: ChildProcess | undefined;
  try {
    const [http = 0, metrics = 0] = await benchPorts(2);
    service = spawn(process.execPath, [path.join(ROOT, 'cli/bin/rastreio.mjs'), 'http'], {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        KAFKA_BROKERS: kafka.brokers,
        HTTP_PORT: String(http),
        METRICS_PORT: String(metrics),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const url = `http://127.0.0.1:${http}`;
    await ready(`${url}/readyz`);
    const alone = async (batch: number): Promise<Figures> => {
      const args = [kafka.brokers, String(batch), String(seconds)];
      return { [`kafkajs_${batch}`]: Number((await runScript('bench/kafkajsAlone.ts', args)).events_per_s) };
    };
    const json = (size: number) => bodies(size, (events) => JSON.stringify(size === 1 ? events[0] : events));
    const ndjson = (size: number) =>
      bodies(size, (events) => events.map((e) => `${JSON.stringify(e)}\n`).join(''));
    const figures = await rounds(count, {
      kafkajs_100: () => alone(100),
      http_100: () => load(url, 'http_100', json(100), 100, CONNECTIONS, seconds),
      http_1: () => load(url, 'http_1', json(1), 1, CONNECTIONS_SINGLE, seconds),
      http_ndjson_1000: () =>
        load(url, 'http_ndjson_1000', ndjson(1000), 1000, CONNECTIONS, seconds, 'application/x-ndjson'),
      kafkajs_2000: () => alone(2000),
    });
    const pick = (wanted: RegExp, cut: RegExp) =>
      Object.fromEntries(
        Object.entries(figures)
          .filter(([n]) => wanted.test(n))
          .map(([n, v]) => [n.replace(cut, ''), v]),
      );
    const ratio = (a: string, b: string) => ({ [`${a}/${b}`]: (figures[a] ?? NaN) / (figures[b] ?? NaN) });
    return {
      connections: { single: CONNECTIONS_SINGLE, batches: CONNECTIONS },
      events_per_s: rounded(pick(/^(?!.*_p\d+$)/, /$^/)),
      p50_ms: rounded(pick(/_p50$/, /_p50$/)),
      p99_ms: rounded(pick(/_p99$/, /_p99$/)),
      ratios: rounded({
        ...ratio('http_100', 'kafkajs_100'),
        ...ratio('http_100', 'kafkajs_2000'),
        ...ratio('http_ndjson_1000', 'kafkajs_2000'),
        ...ratio('http_1', 'kafkajs_2000'),
      }),
    };
  } finally {
    service?.kill('SIGTERM');
    await kafka.stop();
  }
}

function bodies(size: number, encode: (events: ReturnType<typeof sampleEvents>[number]) => string): string[] {
  return sampleEvents(BODIES, size).map(encode);
}

async function load(
  url: string,
  name: string,
  texts: readonly string[],
  eventsEach: number,
  connections: number,
  seconds: number,
  type = 'application/json',
): Promise<Figures> {
  const result = await autocannon({
    url: `${url}/eventos`,
    method: 'POST',
    headers: { 'content-type': type },
    connections,
    duration: seconds,
    requests: texts.map((body) => ({ body })),
  });
  const wrong = result.errors + result.timeouts + result.non2xx;
  if (wrong > 0)
    throw new Error(`${name}: ${wrong} requests were not answered with 2xx; the figures are worth nothing`);
  return {
    [name]: (result['2xx'] * eventsEach) / result.duration,
    [`${name}_p50`]: result.latency.p50,
    [`${name}_p99`]: result.latency.p99,
  };
}

async function ready(url: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
  }
  throw new Error(`${url} did not get ready`);
}
