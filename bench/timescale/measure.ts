import { readFileSync } from 'node:fs';
import { prepareConnection, writeBatch, type BatchCounts, type ReceivedEvent } from '@rastreio/database';
import type { Client } from 'pg';
import { cpuOf } from '../processes';
import { median, type Figures } from '../support';
import { FIRST_DAY, POSTING_DAYS } from './fill';

const HISTORIES = 200;
const PAST_MOMENTS = 30;
const DAY_MS = 86_400_000;

/**
 * One package's history and the status of all packages at a past moment: median latency and CPU time of the server, in milliseconds
 * each. Without parallel workers, so that all CPU time is the backend's.
 */
export async function measureReads(client: Client, packages: number): Promise<Figures> {
  await client.query('SET max_parallel_workers_per_gather = 0');
  const cpu = await cpuMeter(client);
  const history = await timeEach(HISTORIES, (i) =>
    client.query('SELECT * FROM passos_do_pacote($1)', [1 + ((i * 7919) % packages)]),
  );
  const historyCpu = cpu() / (HISTORIES + 1);
  const past = await timeEach(PAST_MOMENTS, (i) =>
    client.query('SELECT * FROM status_em($1)', [
      new Date(Date.parse(FIRST_DAY) + (POSTING_DAYS * (i + 0.5) * DAY_MS) / PAST_MOMENTS),
    ]),
  );
  return {
    history_p50_ms: median(history),
    history_cpu_ms: historyCpu,
    past_p50_ms: median(past),
    past_cpu_ms: cpu() / (PAST_MOMENTS + 1),
  };
}

/**
 * Writes events that come late (between others of their package) and packages that are all new, both of times whose chunks are
 * written in the layout already, and then all of it once more.
 *
 * @param turn a number of its own for each call, so that the events are others
 * @throws Error when an event is lost, or counted wrongly
 */
export async function measureLateBatches(
  client: Client,
  turn: number,
  packages: number,
  size: number,
): Promise<Figures> {
  await prepareConnection(client);
  const late = await lateEvents(client, turn, packages, size);
  const fresh = late.map((event, i) => ({ ...event, id_pacote: packages * (turn + 2) + i }));
  const figures: Record<string, number> = {};
  const cpu = await cpuMeter(client);
  for (const [name, events] of Object.entries({ late, fresh })) {
    cpu();
    const startedAt = performance.now();
    expectCounts(await write(client, events), { inserted: size, duplicate: 0 });
    figures[`${name}_ms`] = performance.now() - startedAt;
    figures[`${name}_cpu_ms`] = cpu();
    expectCounts(await write(client, events), { inserted: 0, duplicate: size });
    await expectThere(client, events);
  }
  return figures;
}

async function lateEvents(
  client: Client,
  turn: number,
  packages: number,
  size: number,
): Promise<ReceivedEvent[]> {
  const { rows } = await client.query<{ id: number; origem: string; destino: string; em: string }>(
    `SELECT id_pacote::float8 AS id, origem, destino,
            to_char((data_inicio + (data_status - data_inicio) / 2) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') AS em
     FROM pacotes WHERE id_pacote <= $1 AND id_pacote % $2 = $3 ORDER BY id_pacote LIMIT $4`,
    [packages, Math.max(1, Math.floor(packages / size)), turn, size],
  );
  return rows.map(({ id, origem, destino, em }) => ({
    ...{ id_pacote: id, origem, destino, status_rastreamento: 'AGUARDANDO RETIRADA' },
    data_atualizacao: `${em}.${String(turn).padStart(6, '0')}Z`,
    recebido_em: Date.parse('2026-06-01T00:00:00Z'),
  }));
}

async function write(client: Client, events: readonly ReceivedEvent[]): Promise<BatchCounts> {
  return writeBatch(client, { topico: 'bench', particao: 0, events, rejected: [] });
}

function expectCounts(counts: BatchCounts, wanted: Partial<BatchCounts>): void {
  const said = JSON.stringify({ inserted: counts.inserted, duplicate: counts.duplicate });
  if (said !== JSON.stringify(wanted))
    throw new Error(`a batch into old chunks counted ${said} instead of ${JSON.stringify(wanted)}`);
}

async function expectThere(client: Client, events: readonly ReceivedEvent[]): Promise<void> {
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM eventos_rastreamento e
     JOIN unnest($1::bigint[], $2::timestamptz[], $3::text[]) AS u (id, em, status)
       ON (e.id_pacote, e.data_evento, e.status_rastreamento) = (u.id, u.em, u.status)`,
    [
      events.map((e) => e.id_pacote),
      events.map((e) => e.data_atualizacao),
      events.map((e) => e.status_rastreamento),
    ],
  );
  if (rows[0]?.n !== events.length)
    throw new Error(`${events.length} events were written into old chunks and ${rows[0]?.n} are there`);
}

/** Milliseconds of each run; one before them does not count. */
export async function timeEach(count: number, run: (i: number) => Promise<unknown>): Promise<number[]> {
  await run(count);
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const startedAt = performance.now();
    await run(i);
    times.push(performance.now() - startedAt);
  }
  return times;
}

/**
 * A meter of the CPU time of the client's backend: each reading gives the milliseconds since the one before. NaN where the server does
 * not run on this machine. Under load it says more than the time that passes.
 */
export async function cpuMeter(client: Client): Promise<() => number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const pid = rows[0]?.pid ?? 0;
  let before = cpuOfBackend(pid);
  return () => {
    const now = cpuOfBackend(pid);
    const used = now - before;
    before = now;
    return used;
  };
}

function cpuOfBackend(pid: number): number {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres') ? cpuOf([pid]) / 1000 : NaN;
  } catch {
    return NaN;
  }
}
