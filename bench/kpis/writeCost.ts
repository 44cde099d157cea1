import { randomBytes } from 'node:crypto';
import {
  createWriterPool,
  receivedEvent,
  reduceParcels,
  withClient,
  withPoolClient,
  writeBatch,
  type NumberedReceived,
} from '@rastreio/database';
import { worldEvents } from '@rastreio/simulator';
import type { PoolClient } from 'pg';
import { followPassages } from '../../packages/database/src/write/passages';
import { cpuOf } from '../processes';
import { makeDatabase, type KpiServer } from './server';

export interface WriteCost {
  readonly events: number;
  readonly rows_per_s: { readonly with_tables: number; readonly without: number };
  /** Microseconds of CPU per event, this process and the server's backend together. */
  readonly cpu_us_per_event: { readonly with_tables: number; readonly without: number };
  /** What the writer does for the tables that depend on consecutive events; taken off the figures without the tables. */
  readonly passages_us_per_event: number;
  /** How much slower the write path is for having the derived tables: 0.25 is a quarter. */
  readonly slower_by_time: number;
  readonly slower_by_cpu: number;
}

/** As the consumer writes them where a backlog waits. */
const BATCH = 40_000;
const PARTITIONS = 6;
const WARM_UP = PARTITIONS;

/** Nothing is derived any more: pacotes and events alone are written. */
const WITHOUT_TABLES = `
  DROP TRIGGER resume_insercao ON pacotes;
  DROP TRIGGER resume_atualizacao ON pacotes;
  DROP TRIGGER resume_exclusao ON pacotes;
  CREATE OR REPLACE FUNCTION soma_historico(horas timestamptz[], situacoes text[], quantos bigint[], variacoes bigint[])
    RETURNS void LANGUAGE sql AS '';
  CREATE OR REPLACE FUNCTION soma_permanencia(dias date[], situacoes text[], baldes smallint[], quantas bigint[], micros bigint[])
    RETURNS void LANGUAGE sql AS '';
  CREATE OR REPLACE FUNCTION soma_atraso(horas timestamptz[], baldes smallint[], quantos bigint[], micros bigint[])
    RETURNS void LANGUAGE sql AS '';
  CREATE OR REPLACE FUNCTION soma_atrasados(pacotes_ bigint[], datas timestamptz[], situacoes text[], recebidos timestamptz[])
    RETURNS void LANGUAGE sql AS ''`;

interface Side {
  readonly client: PoolClient;
  readonly backend: number;
  ms: number;
  cpuUs: number;
}

/** Writes the same batches into two databases in turn, one of them without the derived tables. */
export async function measureWriteCost(server: KpiServer, batches: number): Promise<WriteCost> {
  const events = batchesOfPartitions(batches + WARM_UP);
  const databases = [await makeDatabase(server, name()), await makeDatabase(server, name())] as const;
  const pools = databases.map(({ writerUrl }) =>
    createWriterPool({ databaseUrl: writerUrl, connections: 1, applicationName: 'bench' }),
  );
  try {
    await withClient(databases[1].ownerUrl, (client) => client.query(WITHOUT_TABLES));
    const [first, second] = pools;
    if (first === undefined || second === undefined) throw new Error('two pools were made');
    const sides = await withPoolClient(first, (a) =>
      withPoolClient(second, async (b) => {
        const both = [await sideOf(a), await sideOf(b)] as const;
        for (const [i, batch] of events.entries()) {
          if (i === WARM_UP) for (const side of both) Object.assign(side, { ms: 0, cpuUs: 0 });
          // Each goes first every other time, so that a checkpoint or another program hits both alike.
          for (const side of i % 2 === 0 ? both : [both[1], both[0]])
            await write(side, i % PARTITIONS, batch);
          process.stderr.write(`write path: batch ${i + 1} of ${events.length}\r`);
        }
        process.stderr.write('\n');
        return both;
      }),
    );
    return report(sides, events.slice(WARM_UP));
  } finally {
    for (const pool of pools) await pool.end();
    for (const { drop } of databases) await drop();
  }
}

async function sideOf(client: PoolClient): Promise<Side> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return { client, backend: rows[0]?.pid ?? 0, ms: 0, cpuUs: 0 };
}

async function write(side: Side, partition: number, events: readonly NumberedReceived[]): Promise<void> {
  const before = { at: performance.now(), cpu: cpu(side) };
  await writeBatch(side.client, { topic: 'bench', partition, events, rejected: [] });
  side.ms += performance.now() - before.at;
  side.cpuUs += cpu(side) - before.cpu;
}

function cpu({ backend }: Side): number {
  const { user, system } = process.cpuUsage();
  return user + system + cpuOf([backend]);
}

function report([a, b]: readonly [Side, Side], batches: readonly (readonly NumberedReceived[])[]): WriteCost {
  const events = batches.reduce((sum, batch) => sum + batch.length, 0);
  const passagesUs = passagesTime(batches) / events;
  const withoutMs = b.ms - (passagesUs * events) / 1000;
  const withoutUs = b.cpuUs / events - passagesUs;
  return {
    events,
    rows_per_s: { with_tables: round(events / (a.ms / 1000)), without: round(events / (withoutMs / 1000)) },
    cpu_us_per_event: { with_tables: round(a.cpuUs / events), without: round(withoutUs) },
    passages_us_per_event: round(passagesUs),
    slower_by_time: round(a.ms / withoutMs - 1),
    slower_by_cpu: round(a.cpuUs / events / withoutUs - 1),
  };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** Microseconds that this process spends on following parcels from event to event: also in the database without the tables. */
function passagesTime(batches: readonly (readonly NumberedReceived[])[]): number {
  const reduced = batches.map((batch) => ({ batch, previous: reduceParcels(batch).previous }));
  const start = process.cpuUsage();
  for (const { batch, previous } of reduced) followPassages(batch, previous, new Map());
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/** Events of a busy network in time order, a batch of one partition after the other. */
function batchesOfPartitions(count: number): NumberedReceived[][] {
  const world = worldEvents({
    seed: 42,
    startMs: Date.parse('2026-09-01T00:00:00Z'),
    postingIntervalMs: 10_000,
    maxParcels: Infinity,
    incidents: [],
  });
  const open: NumberedReceived[][] = Array.from({ length: PARTITIONS }, () => []);
  const full: NumberedReceived[][] = [];
  while (full.length < count) {
    const { atMs, event } = next(world);
    const partition = event.id_pacote % PARTITIONS;
    const batch = open[partition] ?? [];
    // A few seconds, seldom minutes.
    const receivedMs =
      atMs + 2_000 + (event.id_pacote % 7) * 1_000 + (event.id_pacote % 97 === 0 ? 600_000 : 0);
    const data_atualizacao = `${event.data_atualizacao.slice(0, 19)}.000000Z`;
    // As the consumer makes them: of a spread, all that follows reads several times as slowly.
    batch.push(receivedEvent({ ...event, data_atualizacao }, receivedMs) as NumberedReceived);
    if (batch.length === BATCH) {
      full.push(batch);
      open[partition] = [];
    }
  }
  return full;
}

function next<T>(values: Iterator<T, void>): T {
  const { value } = values.next();
  if (value === undefined) throw new Error('the simulated world has no end');
  return value;
}

function name(): string {
  return `bench_kpis_write_${randomBytes(4).toString('hex')}`;
}
