import { setTimeout as sleep } from 'node:timers/promises';
import { connectTo, withClient } from '@rastreio/database';
import type { Child } from '@rastreio/stack';
import { AssignerProtocol, type Admin } from 'kafkajs';
import { Client } from 'pg';
import type { BenchDatabase } from '../servers';
import type { Bed } from './bed';
import { createMeter, type Measured } from './meter';
import type { EventKey } from './readBack';

/** A sink that has been started. */
export interface Sink {
  readonly group: string;
  /** Members of the group that share the partitions. */
  readonly members: number;
  readonly processes: readonly Child[];
  readonly database: BenchDatabase;
  /** What has gone wrong where a process goes on all the same; asked at every look. */
  readonly failure?: () => Promise<string | undefined>;
}

/** The members of a group did not begin together, which happens on a busy machine: nothing was measured, try again. */
export class NotTogetherError extends Error {
  override readonly name = 'NotTogetherError';
}

const PARTITIONS = 6;
const START_TIMEOUT_MS = 300_000;
/** Below this rate something is wrong rather than slow. */
const SLOWEST_ROWS_PER_S = 500;
/** By then something has been written, or nothing will be. */
const FIRST_ROW_TIMEOUT_MS = 120_000;
const POLL_MS = 20;

/**
 * Measures a sink from the moment when its consumer group has all partitions until every row is committed.
 *
 * That moment is the same for all sinks and is told by the broker: programs are loaded, connections are open, no message has been
 * read yet. So neither a JVM's start nor the wait for the other members counts, but the first fetch and the warm-up of the code do.
 * The end is seen by looking for the newest event of each partition, which costs six look-ups in the primary key; sinks write a
 * partition in order, and the count of all rows then shows that it was the end.
 */
export async function measure(bed: Bed, sink: Sink): Promise<Measured> {
  const watcher = new Client(connectTo(sink.database.ownerUrl));
  await watcher.connect();
  const { rows } = await watcher.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const meter = createMeter(bed, { pids: sink.processes.map(({ pid }) => pid), watcher: rows[0]?.pid });
  const admin = bed.kafka.admin();
  await admin.connect();
  try {
    // While the table is small the planner would rather scan it, and go on to do so.
    await watcher.query('SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off');
    await untilAssigned(admin, sink);
    const start = meter.read();
    const end = await untilWritten(watcher, bed, sink, () => meter.read());
    return meter.between(start, end, bed.events.count);
  } finally {
    await admin.disconnect();
    await watcher.end();
  }
}

/** Waits until the members of the group have been given all partitions. */
async function untilAssigned(admin: Admin, sink: Sink): Promise<void> {
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    await assertWorking(sink);
    const { groups } = await admin.describeGroups([sink.group]);
    const group = groups[0];
    if (group?.state !== 'Stable') continue;
    const shares = group.members.map(({ memberAssignment }) => {
      const topics = AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {};
      return Object.values(topics).flat().length;
    });
    const given = shares.reduce((sum, share) => sum + share, 0);
    if (given === PARTITIONS && shares.filter((share) => share > 0).length === sink.members) return;
    throw new NotTogetherError(
      `group ${sink.group}: ${shares.length} members have ${shares.join(', ')} partitions instead of ${sink.members} sharing ${PARTITIONS}`,
    );
  }
  throw new Error(`group ${sink.group} did not get its partitions within ${START_TIMEOUT_MS / 1000} s`);
}

/** Waits for the newest event of each partition; what `look` saw then, if all others are there as well. */
async function untilWritten<T>(watcher: Client, { events }: Bed, sink: Sink, look: () => T): Promise<T> {
  const { instant } = sink.database;
  let emptyUntil = Date.now() + FIRST_ROW_TIMEOUT_MS;
  const limitMs = 60_000 + (events.count / SLOWEST_ROWS_PER_S) * 1000;
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; await sleep(POLL_MS)) {
    await assertWorking(sink);
    if (Date.now() > emptyUntil) {
      emptyUntil = Infinity;
      if ((await countAll(watcher)) === 0)
        throw new Error(`no row after ${FIRST_ROW_TIMEOUT_MS / 1000} s.\n${logsOf(sink)}`);
    }
    if ((await countOf(watcher, instant, events.newest)) < events.newest.length) continue;
    const seen = look();
    if ((await countAll(watcher)) === events.count) return seen;
  }
  throw new Error(
    `${await countAll(watcher)} of ${events.count} rows after ${limitMs / 1000} s.\n${logsOf(sink)}`,
  );
}

async function countOf(watcher: Client, instant: string, keys: readonly EventKey[]): Promise<number> {
  // Only the project's own tables know tracking numbers.
  const id = keys.some(({ codigo }) => codigo !== undefined)
    ? '(SELECT c.id_pacote FROM codigos c WHERE c.codigo = k.codigo)'
    : 'k.id';
  const { rows } = await watcher.query<{ n: number }>(
    `SELECT count(*)::int AS n
     FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[]) AS k (id, instant, status, codigo)
     JOIN eventos_rastreamento AS e ON (e.id_pacote, e.${instant}, e.status_rastreamento) = (${id}, k.instant, k.status)`,
    [
      keys.map((k) => k.id_pacote),
      keys.map((k) => k.data_evento),
      keys.map((k) => k.status_rastreamento),
      keys.map(({ codigo }) => codigo ?? null),
    ],
  );
  return rows[0]?.n ?? 0;
}

async function countAll(client: Client): Promise<number> {
  const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM eventos_rastreamento');
  return rows[0]?.n ?? 0;
}

/** @throws Error unless the table holds every event once */
export async function assertComplete({ ownerUrl }: BenchDatabase, expected: number): Promise<void> {
  const count = await withClient(ownerUrl, countAll);
  if (count !== expected) throw new Error(`${count} rows instead of ${expected}`);
}

async function assertWorking(sink: Sink): Promise<void> {
  const ended = sink.processes.find((child) => !child.isRunning());
  if (ended !== undefined) throw new Error(`${ended.name} has ended.\n${logsOf(sink)}`);
  const failure = await sink.failure?.();
  if (failure !== undefined) throw new Error(failure);
}

function logsOf({ processes }: Sink): string {
  return processes.map((child) => `The end of ${child.logFile}:\n${child.tail()}`).join('\n');
}
