import { EXIT, OperatorError } from '@rastreio/runtime';
import type { Client, ClientBase } from 'pg';
import { LOCKS } from '../connect/locks';
import { alone } from '../connect/alone';
import { despiteWriters, inTransaction } from '../connect/transaction';

export interface RetainOptions {
  /** A PostgreSQL interval of at least a day, back from now. */
  readonly olderThan: string;
  /** Only tells what would be removed. */
  readonly dryRun?: boolean | undefined;
  /** Called after each step with the instant up to which events are gone, and how many there were before it in this run. */
  readonly onStep?: ((removedUntil: string, events: number) => void) | undefined;
  /** Called when a step is done and not committed: where fault tests end the process. */
  readonly beforeCommit?: (() => void) | undefined;
}

export interface Retained {
  /** ISO 8601; null where nothing is old enough. */
  readonly horizon: string | null;
  /** Events removed (with `dryRun`: that would be). */
  readonly events: number;
}

const NOTHING: Retained = { horizon: null, events: 0 };

const ADD_HISTORY = `
  INSERT INTO removidos_historico AS r SELECT * FROM conferencia.historico($1)
  ON CONFLICT (hora, status) DO UPDATE SET eventos = r.eventos + excluded.eventos, variacao = r.variacao + excluded.variacao`;
const ADD_DWELL = `
  INSERT INTO removidos_permanencia AS r SELECT * FROM conferencia.permanencia($1)
  ON CONFLICT (dia, status, balde) DO UPDATE SET passagens = r.passagens + excluded.passagens, segundos = r.segundos + excluded.segundos`;
const ADD_DELAY = `
  INSERT INTO removidos_atraso AS r SELECT * FROM conferencia.atraso($1)
  ON CONFLICT (hora, balde) DO UPDATE SET eventos = r.eventos + excluded.eventos, segundos = r.segundos + excluded.segundos`;

// Of parcels with later events, and of these the last event and the last known one. What quiet parcels had last is in pacotes, and
// guarda_anteriores keeps it when that changes.
const KEEP_LAST = `
  WITH removidos AS MATERIALIZED (
    SELECT e.id_pacote, e.data_evento, e.status_rastreamento, c.status IS NOT NULL AS conhecido, coalesce(c.ordem, 0) AS ordem
    FROM eventos_rastreamento e
    LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
    LEFT JOIN pacotes p USING (id_pacote)
    WHERE e.data_evento < $1 AND (greatest(p.data_status, p.outra_data) >= $1 OR EXISTS (SELECT FROM eventos_anteriores a WHERE a.id_pacote = e.id_pacote))
  ),
  ordenados AS (
    SELECT id_pacote, data_evento, status_rastreamento,
           row_number() OVER (PARTITION BY id_pacote ORDER BY data_evento DESC, ordem DESC, status_rastreamento COLLATE "C" DESC) AS n,
           row_number() OVER (PARTITION BY id_pacote, conhecido ORDER BY data_evento DESC, ordem DESC, status_rastreamento COLLATE "C" DESC) AS k,
           conhecido
    FROM removidos
  )
  INSERT INTO eventos_anteriores (id_pacote, data_evento, status_rastreamento)
  SELECT id_pacote, data_evento, status_rastreamento FROM ordenados WHERE n = 1 OR (conhecido AND k = 1)
  ON CONFLICT DO NOTHING`;

// What was the last before and no longer is.
const FORGET_OVERTAKEN = `
  DELETE FROM eventos_anteriores a USING eventos_anteriores d
  WHERE d.id_pacote = a.id_pacote AND a.data_evento < d.data_evento AND d.data_evento < $1
    AND (EXISTS (SELECT FROM catalogo_status c WHERE c.status = d.status_rastreamento)
      OR NOT EXISTS (SELECT FROM catalogo_status c WHERE c.status = a.status_rastreamento))`;

// Locked, so that no event can follow between the look and the removal; those that a writer holds wait for the next run.
const FORGET_QUIET = `
  WITH quietos AS (
    SELECT p.id_pacote FROM pacotes p
    WHERE p.id_pacote IN (SELECT id_pacote FROM eventos_anteriores) AND greatest(p.data_status, p.outra_data) < $1 FOR UPDATE OF p SKIP LOCKED
  )
  DELETE FROM eventos_anteriores a USING quietos q WHERE a.id_pacote = q.id_pacote`;

// A correction takes back nothing that is later than itself, so that those from before the horizon have nothing left to take back.
const HAS_OLD_CORRECTIONS = `
  SELECT EXISTS (SELECT FROM eventos_corrigidos WHERE data_evento < removidos_ate)
      OR EXISTS (SELECT FROM correcoes WHERE data_evento < removidos_ate) AS found
  FROM retencao`;
const FORGET_CORRECTIONS = `
  WITH corrected AS (DELETE FROM eventos_corrigidos WHERE data_evento < (SELECT removidos_ate FROM retencao) RETURNING 1),
  corrections AS (DELETE FROM correcoes WHERE data_evento < (SELECT removidos_ate FROM retencao) RETURNING 1)
  UPDATE retencao SET fora_da_conta = fora_da_conta + (SELECT count(*) FROM corrected) + (SELECT count(*) FROM corrections)`;

/**
 * Removes old events while writers go on; all figures stay what they are. First the horizon is set, from which moment writers refuse
 * older events; then they are removed by chunk (without hypertables by day), oldest first, each step in a transaction that keeps what
 * these events added and what the next ones followed, tried again when it meets a writer's locks. Cut off, it is simply run again.
 *
 * The horizon is the end of a chunk (a day), so somewhat older events than asked for may stay.
 *
 * @param client connected as rastreio_owner, outside any transaction
 * @throws OperatorError when the interval is none or too short (exit code 2), or when another one runs
 */
export async function retainEvents(client: Client, options: RetainOptions): Promise<Retained> {
  const cutoff = await readCutoff(client, options.olderThan);
  return alone(client, async () => {
    const chunked = await isHypertable(client);
    const horizon = chunked ? await lastChunkEnd(client, cutoff) : await beginningOfDay(client, cutoff);
    if (options.dryRun === true)
      return horizon === null
        ? NOTHING
        : { horizon: iso(horizon), events: await countBefore(client, horizon) };
    if (horizon !== null) await despiteWriters(() => setHorizon(client, horizon));
    // That of an earlier run may be later, and its removals unfinished.
    const { horizonte } = await one<{ horizonte: string | null }>(
      client,
      `SELECT CASE WHEN horizonte > '-infinity' THEN horizonte::text END AS horizonte FROM retencao`,
    );
    if (horizonte === null) return NOTHING;
    let events = 0;
    for (;;) {
      // Also those that an earlier run, cut off, left behind.
      await despiteWriters(() => forgetCorrections(client));
      const until = await nextStep(client, horizonte, chunked);
      if (until === null) return { horizon: iso(horizonte), events };
      events += await despiteWriters(() => removeBefore(client, until, chunked, options.beforeCommit));
      options.onStep?.(iso(until), events);
    }
  });
}

async function readCutoff(client: ClientBase, olderThan: string): Promise<string> {
  try {
    const { cutoff, long } = await one<{ cutoff: string; long: boolean }>(
      client,
      `SELECT (now() - $1::interval)::text AS cutoff, now() - $1::interval <= now() - interval '1 day' AS long`,
      [olderThan],
    );
    if (long) return cutoff;
  } catch (error) {
    if (!(error instanceof Error) || !/^22/.test((error as { code?: string }).code ?? '')) throw error;
  }
  throw new OperatorError(
    `"${olderThan}" is no age of at least a day; give --older-than as PostgreSQL writes intervals, for example "400 days".`,
    EXIT.usage,
  );
}

async function isHypertable(client: ClientBase): Promise<boolean> {
  const { rows: installed } = await client.query(`SELECT FROM pg_extension WHERE extname = 'timescaledb'`);
  if (installed.length === 0) return false;
  const { rows } = await client.query(
    `SELECT FROM timescaledb_information.hypertables WHERE hypertable_name = 'eventos_rastreamento'`,
  );
  return rows.length > 0;
}

async function lastChunkEnd(client: ClientBase, cutoff: string): Promise<string | null> {
  const { until } = await one<{ until: string | null }>(
    client,
    `SELECT max(range_end)::text AS until FROM timescaledb_information.chunks
     WHERE hypertable_name = 'eventos_rastreamento' AND range_end <= $1`,
    [cutoff],
  );
  return until;
}

async function beginningOfDay(client: ClientBase, cutoff: string): Promise<string | null> {
  const { until } = await one<{ until: string | null }>(
    client,
    `SELECT CASE WHEN EXISTS (SELECT FROM eventos_rastreamento WHERE data_evento < d) THEN d::text END AS until
     FROM date_trunc('day', $1::timestamptz, 'UTC') AS d`,
    [cutoff],
  );
  return until;
}

async function countBefore(client: ClientBase, instant: string): Promise<number> {
  const { n } = await one<{ n: number }>(
    client,
    'SELECT count(*)::float8 AS n FROM eventos_rastreamento WHERE data_evento < $1',
    [instant],
  );
  return n;
}

/** Waits for the batches under way; the next ones see it. */
async function setHorizon(client: ClientBase, horizon: string): Promise<void> {
  await inTransaction(client, 'BEGIN', async () => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.schema]);
    await client.query('UPDATE retencao SET horizonte = greatest(horizonte, $1::timestamptz)', [horizon]);
  });
}

/** The end of the oldest chunk or day that is before the horizon and not removed; null when there is none. */
async function nextStep(client: ClientBase, horizon: string, chunked: boolean): Promise<string | null> {
  const { until } = await one<{ until: string | null }>(
    client,
    chunked
      ? `SELECT min(range_end)::text AS until FROM timescaledb_information.chunks
         WHERE hypertable_name = 'eventos_rastreamento' AND range_end <= $1`
      : // No index has the earliest event first; the sums by hour know it, and what is removed is before removidos_ate. Where they lack
        // events that are there, all of those are one step.
        `SELECT coalesce(date_trunc('day', min(hora), 'UTC') + interval '24 hours',
                         (SELECT $1::timestamptz WHERE EXISTS (SELECT FROM eventos_rastreamento WHERE data_evento < $1)))::text AS until
         FROM (
           SELECT h.hora FROM resumo_historico h
           WHERE h.hora >= (SELECT removidos_ate FROM retencao) AND h.hora < $1 GROUP BY h.hora HAVING sum(h.eventos) > 0
         ) AS horas`,
    [horizon],
  );
  return until;
}

async function removeBefore(
  client: ClientBase,
  until: string,
  chunked: boolean,
  beforeCommit?: () => void,
): Promise<number> {
  return inTransaction(client, 'BEGIN', async () => {
    // No chunk is rewritten by column between the statements that read it.
    await client.query('LOCK TABLE eventos_rastreamento IN ACCESS SHARE MODE');
    const events = await countBefore(client, until);
    for (const statement of [ADD_HISTORY, ADD_DWELL, ADD_DELAY, KEEP_LAST, FORGET_OVERTAKEN])
      await client.query(statement, [until]);
    await client.query('UPDATE retencao SET removidos_ate = greatest(removidos_ate, $1::timestamptz)', [
      until,
    ]);
    await client.query(
      chunked
        ? `SELECT drop_chunks('eventos_rastreamento', older_than => $1::timestamptz)`
        : 'DELETE FROM eventos_rastreamento WHERE data_evento < $1',
      [until],
    );
    await client.query(FORGET_QUIET, [until]);
    beforeCommit?.();
    return events;
  });
}

/**
 * Forgets the corrections of events that are removed, in a transaction of its own while no batch is written: writers of a parcel that has
 * some wait for each other at these rows, and one that has locked them must not find them gone.
 */
async function forgetCorrections(client: ClientBase): Promise<void> {
  const { found } = await one<{ found: boolean }>(client, HAS_OLD_CORRECTIONS);
  if (!found) return;
  await inTransaction(client, 'BEGIN', async () => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.corrections]);
    await client.query(FORGET_CORRECTIONS);
  });
}

async function one<Row extends object>(
  client: ClientBase,
  sql: string,
  values: unknown[] = [],
): Promise<Row> {
  const { rows } = await client.query<Row>(sql, values);
  const [row] = rows;
  if (row === undefined) throw new RangeError('the query gives no row');
  return row;
}

/** PostgreSQL's text of an instant as ISO 8601. */
function iso(instant: string): string {
  return new Date(instant).toISOString();
}
