import { connect, connectTo } from '@rastreio/database';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { Client } from 'pg';
import QueryStream from 'pg-query-stream';
import type { Account, Events, History, Lane, Rejected } from './history';

/** Tables whose rows of today hold for the whole past: nothing tells what they were. */
const SETTINGS = ['limites', 'limites_por_rota', 'lugares_ditos', 'grafias', 'prazos', 'feriados'] as const;

const ROWS_AT_ONCE = 5_000;

/**
 * Reads a database's history in one transaction that can change nothing and sees one instant. Any role that may read will do, such as
 * grafana_reader.
 *
 * @param onProgress events read, of how many
 * @param signal closes the connection
 * @throws OperatorError (78) where the tables are not ours, or the role may not read them
 */
export async function readHistory(
  databaseUrl: string,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<History> {
  const client = new Client({
    ...connectTo(databaseUrl),
    application_name: 'rastreio-backtest',
  });
  client.on('error', () => undefined);
  const close = () => void client.end().catch(() => undefined);
  signal.addEventListener('abort', close, { once: true });
  try {
    await connect(client);
    // Reading years takes longer than a panel may.
    await client.query(`SELECT set_config(name, '0', false) FROM pg_settings
      WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const history = await read(client, onProgress);
    await client.query('ROLLBACK');
    return history;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === '42P01' || code === '42883' || code === '42501')
      throw new OperatorError(
        `The history cannot be read: ${message}; give --database-url of a migrated database, as a role that may read it`,
        EXIT.config,
        { cause: error },
      );
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
    await client.end().catch(() => undefined);
  }
}

async function read(client: Client, onProgress: (done: number, total: number) => void): Promise<History> {
  const { rows } = await client.query<{
    agora: number;
    fuso: string;
    eventos: string;
    removidos: number | null;
  }>(`
    SELECT (extract(epoch FROM now()) * 1000)::float8 AS agora, fuso() AS fuso,
           (SELECT count(*) FROM eventos_rastreamento) AS eventos,
           (SELECT CASE WHEN isfinite(removidos_ate) THEN (extract(epoch FROM removidos_ate) * 1000)::float8 END FROM retencao) AS removidos`);
  const [facts] = rows;
  if (facts === undefined) throw new Error('one row was asked for');
  const parcels = await client.query<{ status: string; total: string }>(
    'SELECT status_atual AS status, count(*) AS total FROM pacotes GROUP BY 1',
  );
  return {
    nowMs: Math.floor(facts.agora),
    timeZone: facts.fuso,
    removedBeforeMs: facts.removidos ?? undefined,
    parcels: Object.fromEntries(parcels.rows.map(({ status, total }) => [status, Number(total)])),
    settings: await readSettings(client),
    accounts: await readAccounts(client),
    rejected: await readRejected(client),
    events: await readEvents(client, Number(facts.eventos), onProgress),
  };
}

async function readSettings(client: Client): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const table of SETTINGS) {
    const { rows } = await client.query<{ linhas: string }>(
      `SELECT coalesce(json_agg(t), '[]')::text AS linhas FROM ${table} AS t`,
    );
    found[table] = rows[0]?.linhas ?? '[]';
  }
  return found;
}

async function readEvents(
  client: Client,
  length: number,
  onProgress: (done: number, total: number) => void,
): Promise<Events> {
  const [statuses, lanes] = [new Places<string>(), new Places<Lane>()];
  const events = {
    length,
    ids: new Float64Array(length),
    happenedMicros: new Float64Array(length),
    receivedMs: new Float64Array(length),
    status: new Uint16Array(length),
    lane: new Uint32Array(length),
    statuses: statuses.all,
    lanes: lanes.all,
  };
  let at = 0;
  const sql = `
    SELECT e.id_pacote::float8, (extract(epoch FROM e.data_evento) * 1000000)::float8, (extract(epoch FROM e.recebido_em) * 1000)::float8,
           e.status_rastreamento, p.origem, p.destino, p.transportadora
    FROM eventos_rastreamento e JOIN pacotes p USING (id_pacote)`;
  for await (const [id, happened, received, status, origin, destination, carrier] of stream<
    [number, number, number, string, string, string, string | null]
  >(client, sql)) {
    events.ids[at] = id;
    events.happenedMicros[at] = Math.round(happened);
    events.receivedMs[at] = Math.floor(received);
    events.status[at] = statuses.of(status, status);
    events.lane[at] = lanes.of([origin, destination, carrier ?? ''].join('\u0000'), [
      origin,
      destination,
      carrier,
    ]);
    if (++at % ROWS_AT_ONCE === 0) onProgress(at, length);
  }
  onProgress(at, length);
  return { ...events, length: at };
}

async function readAccounts(client: Client): Promise<readonly Account[]> {
  const sql = `
    SELECT (extract(epoch FROM minuto) * 1000)::float8, topico, particao, inseridos::float8, duplicados::float8, rejeitados::float8,
           (extract(epoch FROM recebido_ate) * 1000)::float8
    FROM ingestao ORDER BY minuto, topico, particao`;
  const found: Account[] = [];
  for await (const row of stream<[number, string, number, number, number, number, number]>(client, sql)) {
    const [minuteMs, topic, partition, inserted, duplicate, rejected, receivedUntilMs] = row;
    found.push({ minuteMs, topic, partition, inserted, duplicate, rejected, receivedUntilMs });
  }
  return found;
}

async function readRejected(client: Client): Promise<readonly Rejected[]> {
  // What grafana_reader may read, whom a backtest asks as. Two letters of one place are told apart by a time, here a made-up one.
  const sql = `
    SELECT jsonb_build_object(
             'topico', topico, 'particao', particao, 'deslocamento', deslocamento, 'vida', vida, 'marca_tempo', vida, 'cabecalhos', '{}'::jsonb,
             'motivo', motivo, 'campo', campo, 'detalhe', detalhe, 'recebido_em', recebido_em, 'rejeitado_em', rejeitado_em,
             'reprocessado_em', reprocessado_em, 'aceito_em', aceito_em),
           (extract(epoch FROM rejeitado_em) * 1000)::float8, (extract(epoch FROM recebido_em) * 1000)::float8,
           (extract(epoch FROM coalesce(reprocessado_em, aceito_em)) * 1000)::float8
    FROM eventos_rejeitados r ORDER BY rejeitado_em`;
  const found: Rejected[] = [];
  for await (const [row, rejectedMs, receivedMs, settled] of stream<
    [Record<string, unknown>, number, number, number | null]
  >(client, sql))
    found.push({ row, rejectedMs, receivedMs, settledMs: settled ?? undefined });
  return found;
}

function stream<Row>(client: Client, sql: string): AsyncIterable<Row> {
  return client.query(new QueryStream(sql, [], { batchSize: ROWS_AT_ONCE, rowMode: 'array' }));
}

/** Gives each different value a number. */
class Places<T> {
  readonly all: T[] = [];
  private readonly known = new Map<string, number>();

  of(key: string, value: T): number {
    const found = this.known.get(key);
    if (found !== undefined) return found;
    this.known.set(key, this.all.length);
    return this.all.push(value) - 1;
  }
}
