import type { ClientBase } from 'pg';
import { LOCKS } from '../connect/locks';
import { readWords } from './loadWords';
import { remap, type Report, type Stored, type StoredKey } from './remap';

const UTC = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const COLUMNS = `e.id_pacote::text, ${UTC('e.data_evento')} AS data_evento, e.status_rastreamento, ${UTC('e.recebido_em')} AS recebido_em`;

// The bounds let the hypertable leave chunks out.
const EVENTS = `
  SELECT ${COLUMNS}, coalesce(e.detalhes, jsonb_build_object('origem', p.origem, 'destino', p.destino)) AS detalhes
  FROM pacotes p JOIN eventos_rastreamento e ON e.id_pacote = p.id_pacote
    AND e.data_evento BETWEEN p.data_inicio AND greatest(p.data_status, p.outra_data)
  WHERE p.id_pacote = ANY ($1::bigint[]) AND e.data_evento >= (SELECT horizonte FROM retencao)
  UNION ALL
  SELECT ${COLUMNS}, e.detalhes FROM eventos_corrigidos e
  WHERE e.id_pacote = ANY ($1::bigint[]) AND e.data_evento >= (SELECT horizonte FROM retencao)`;
const CORRECTIONS = `
  SELECT ${COLUMNS}, coalesce(e.detalhes, '{}') AS detalhes FROM correcoes e
  WHERE e.id_pacote = ANY ($1::bigint[]) AND e.alvo = 'mesmo' AND e.data_evento >= (SELECT horizonte FROM retencao)`;

const KEYS = (first: number) =>
  `unnest($${first}::bigint[], $${first + 1}::timestamptz[], $${first + 2}::text[])`;
const REPORTS = (first: number) =>
  `unnest($${first}::bigint[], $${first + 1}::timestamptz[], $${first + 2}::text[], $${first + 3}::timestamptz[], $${first + 4}::jsonb[])`;
const EXCHANGE = `
  SELECT troca_guardados(
    (SELECT array_agg(ROW(u.*, NULL, NULL)::evento) FROM ${KEYS(1)} AS u),
    (SELECT array_agg(ROW(u.id, u.data, u.status, u.recebido_em, u.detalhes)::evento ORDER BY u.n)
     FROM ${REPORTS(4)} WITH ORDINALITY AS u (id, data, status, recebido_em, detalhes, n)),
    (SELECT array_agg(ROW(u.*, 'mesmo', NULL, NULL)::correcao) FROM ${KEYS(9)} AS u),
    (SELECT array_agg(ROW(u.id, u.data, u.status, 'mesmo', u.recebido_em, nullif(u.detalhes, '{}'))::correcao ORDER BY u.n)
     FROM ${REPORTS(12)} WITH ORDINALITY AS u (id, data, status, recebido_em, detalhes, n)))`;

/** How much was stored with another status than its words mean now. */
export interface ExchangedWords {
  readonly events: number;
  readonly corrections: number;
}

/**
 * Gives all that is stored of some parcels the statuses that its words mean now, within the caller's transaction. Until that ends no batch
 * is written. What is from before the horizon of db:retain stays as it is.
 *
 * @param client connected as rastreio_owner
 * @param ids of the parcels, as digits
 */
export async function exchangeWords(client: ClientBase, ids: readonly string[]): Promise<ExchangedWords> {
  // As in exchangeEvents: the horizon does not move meanwhile, and what is read next has all that was waited for.
  await client.query('SELECT pg_advisory_xact_lock_shared($1)', [LOCKS.schema]);
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.corrections]);
  const words = await readWords(client);
  const events = remap((await client.query<Stored>(EVENTS, [ids])).rows, words);
  const corrections = remap((await client.query<Stored>(CORRECTIONS, [ids])).rows, words);
  if (events.out.length + corrections.out.length > 0)
    await client.query(EXCHANGE, [
      ...keysOf(events.out),
      ...reportsOf(events.put),
      ...keysOf(corrections.out),
      ...reportsOf(corrections.put),
    ]);
  return { events: events.out.length, corrections: corrections.out.length };
}

function keysOf(some: readonly StoredKey[]): unknown[] {
  return [
    some.map(({ id_pacote }) => id_pacote),
    some.map(({ data_evento }) => data_evento),
    some.map(({ status_rastreamento }) => status_rastreamento),
  ];
}

function reportsOf(reports: readonly Report[]): unknown[] {
  return [
    ...keysOf(reports),
    reports.map(({ recebido_em }) => recebido_em),
    reports.map(({ detalhes }) => JSON.stringify(detalhes)),
  ];
}
