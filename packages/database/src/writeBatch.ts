import { finished } from 'node:stream/promises';
import type { TrackingEvent } from '@rastreio/contract';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { toCopyText, type CopyValue } from './copyText';
import { reducePackages } from './packageState';

export interface ReceivedEvent extends TrackingEvent {
  /** When Kafka (or the import) got it, as an ISO 8601 text. */
  readonly recebido_em: string;
}

/** A message that is no valid event, with all it takes to repair and replay it. */
export interface RejectedMessage {
  readonly topico: string;
  readonly particao: number;
  /** Kafka's offset, as kafkajs gives it. */
  readonly deslocamento: string;
  readonly chave: Buffer | null;
  readonly valor: Buffer | null;
  readonly cabecalhos: Readonly<Record<string, string>>;
  readonly motivo: string;
  readonly campo: string | null;
  readonly detalhe: string;
  readonly recebido_em: string;
}

/** Messages of one partition (or of one imported file). */
export interface Batch {
  readonly topico: string;
  readonly particao: number;
  readonly events: readonly ReceivedEvent[];
  readonly rejected: readonly RejectedMessage[];
}

export interface WriteHooks {
  /** Called when all is written and nothing committed: where fault tests end the process. */
  readonly beforeCommit?: () => void;
}

/** consumed = inserted + duplicate + rejected. */
export interface BatchCounts {
  readonly consumed: number;
  readonly inserted: number;
  readonly duplicate: number;
  readonly rejected: number;
}

/** Prepares a fresh connection for {@link writeBatch}: the staging tables, which empty themselves at each commit. */
export async function prepareConnection(client: ClientBase): Promise<void> {
  await client.query(`
    SET TIME ZONE 'UTC';
    CREATE TEMPORARY TABLE IF NOT EXISTS lote_eventos (
      id_pacote bigint, data_evento timestamptz, status_rastreamento text, recebido_em timestamptz
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS lote_pacotes (
      id_pacote bigint, origem text, destino text, data_inicio timestamptz,
      status_atual text, data_status timestamptz, ordem_status smallint, data_entrega timestamptz
    ) ON COMMIT DELETE ROWS`);
}

// "C" collation is the order of code points, as compareText has it.
const STARTS_EARLIER = `(excluded.data_inicio, excluded.origem COLLATE "C", excluded.destino COLLATE "C")
    < (p.data_inicio, p.origem COLLATE "C", p.destino COLLATE "C")`;
const IS_LATER = `(excluded.data_status, excluded.ordem_status, excluded.status_atual COLLATE "C")
    > (p.data_status, p.ordem_status, p.status_atual COLLATE "C")`;

// mergeStates in SQL. The WHERE leaves rows alone that nothing changes, so a replay writes nothing.
const MERGE_PACKAGES = `
  INSERT INTO pacotes AS p (id_pacote, origem, destino, data_inicio, status_atual, data_status, ordem_status, data_entrega)
  SELECT id_pacote, origem, destino, data_inicio, status_atual, data_status, ordem_status, data_entrega
  FROM pg_temp.lote_pacotes ORDER BY id_pacote
  ON CONFLICT (id_pacote) DO UPDATE SET
    origem       = CASE WHEN ${STARTS_EARLIER} THEN excluded.origem ELSE p.origem END,
    destino      = CASE WHEN ${STARTS_EARLIER} THEN excluded.destino ELSE p.destino END,
    data_inicio  = least(p.data_inicio, excluded.data_inicio),
    status_atual = CASE WHEN ${IS_LATER} THEN excluded.status_atual ELSE p.status_atual END,
    ordem_status = CASE WHEN ${IS_LATER} THEN excluded.ordem_status ELSE p.ordem_status END,
    data_status  = greatest(p.data_status, excluded.data_status),
    data_entrega = greatest(p.data_entrega, excluded.data_entrega)
  WHERE ${STARTS_EARLIER} OR ${IS_LATER} OR excluded.data_entrega > coalesce(p.data_entrega, '-infinity')`;

const INSERT_EVENTS = `
  INSERT INTO eventos_rastreamento (id_pacote, data_evento, status_rastreamento, recebido_em)
  SELECT id_pacote, data_evento, status_rastreamento, recebido_em FROM pg_temp.lote_eventos
  ON CONFLICT DO NOTHING`;

const INSERT_REJECTED = `
  INSERT INTO eventos_rejeitados
    (topico, particao, deslocamento, chave, valor, cabecalhos, motivo, campo, detalhe, recebido_em)
  SELECT * FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bytea[], $5::bytea[], $6::jsonb[],
                       $7::text[], $8::text[], $9::text[], $10::timestamptz[])
  ON CONFLICT DO NOTHING`;

const ADD_TO_ACCOUNTS = `
  INSERT INTO ingestao AS i (minuto, topico, particao, consumidos, inseridos, duplicados, rejeitados, recebido_ate)
  VALUES (date_trunc('minute', now()), $1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (minuto, topico, particao) DO UPDATE SET
    consumidos = i.consumidos + excluded.consumidos,
    inseridos = i.inseridos + excluded.inseridos,
    duplicados = i.duplicados + excluded.duplicados,
    rejeitados = i.rejeitados + excluded.rejeitados,
    recebido_ate = greatest(i.recebido_ate, excluded.recebido_ate)`;

/**
 * Writes a batch in one transaction: events, package states, rejected messages and the accounting. Either all of it is
 * committed or none. Writing the same messages again changes nothing but the count of duplicates.
 *
 * @param client a connection after {@link prepareConnection}, outside any transaction
 * @throws the database's error, after a rollback; see {@link classifyDatabaseError}
 */
export async function writeBatch(
  client: ClientBase,
  batch: Batch,
  { beforeCommit }: WriteHooks = {},
): Promise<BatchCounts> {
  const consumed = batch.events.length + batch.rejected.length;
  if (consumed === 0) return { consumed: 0, inserted: 0, duplicate: 0, rejected: 0 };
  await client.query('BEGIN');
  try {
    const inserted = batch.events.length === 0 ? 0 : await writeEvents(client, batch.events);
    if (batch.rejected.length > 0) await client.query(INSERT_REJECTED, rejectedColumns(batch.rejected));
    const counts = {
      consumed,
      inserted,
      duplicate: batch.events.length - inserted,
      rejected: batch.rejected.length,
    };
    const account = [
      batch.topico,
      batch.particao,
      consumed,
      inserted,
      counts.duplicate,
      counts.rejected,
      newestReceipt(batch),
    ];
    await client.query(ADD_TO_ACCOUNTS, account);
    beforeCommit?.();
    await client.query('COMMIT');
    return counts;
  } catch (error) {
    // A broken connection cannot roll back; the server has done so by then. The first error is the one that matters.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function writeEvents(client: ClientBase, events: readonly ReceivedEvent[]): Promise<number> {
  await copyRows(
    client,
    'lote_pacotes (id_pacote, origem, destino, data_inicio, status_atual, data_status, ordem_status, data_entrega)',
    reducePackages(events).map((s) => [
      s.id_pacote,
      s.origem,
      s.destino,
      s.data_inicio,
      s.status_atual,
      s.data_status,
      s.ordem_status,
      s.data_entrega,
    ]),
  );
  await copyRows(
    client,
    'lote_eventos (id_pacote, data_evento, status_rastreamento, recebido_em)',
    events.map((e) => [e.id_pacote, e.data_atualizacao, e.status_rastreamento, e.recebido_em]),
  );
  await client.query(MERGE_PACKAGES);
  const { rowCount } = await client.query(INSERT_EVENTS);
  return rowCount ?? 0;
}

async function copyRows(
  client: ClientBase,
  target: string,
  rows: readonly (readonly CopyValue[])[],
): Promise<void> {
  const stream = client.query(copyFrom(`COPY pg_temp.${target} FROM STDIN`));
  stream.end(toCopyText(rows));
  await finished(stream);
}

function rejectedColumns(rejected: readonly RejectedMessage[]): unknown[] {
  return [
    rejected.map((r) => r.topico),
    rejected.map((r) => r.particao),
    rejected.map((r) => r.deslocamento),
    rejected.map((r) => r.chave),
    rejected.map((r) => r.valor),
    rejected.map((r) => JSON.stringify(r.cabecalhos)),
    rejected.map((r) => r.motivo),
    rejected.map((r) => r.campo),
    rejected.map((r) => r.detalhe),
    rejected.map((r) => r.recebido_em),
  ];
}

function newestReceipt({ events, rejected }: Batch): string {
  let newest = '';
  for (const { recebido_em } of events) if (recebido_em > newest) newest = recebido_em;
  for (const { recebido_em } of rejected) if (recebido_em > newest) newest = recebido_em;
  return newest;
}
