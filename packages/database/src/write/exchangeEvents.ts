import type { ClientBase } from 'pg';
import { LOCKS } from '../connect/locks';
import type { NumberedReceived } from './batch';
import { detailsText } from './eventDetails';
import { noteSpellings } from './noteSpellings';

/** What tells an event from others. */
type EventKey = Pick<NumberedReceived, 'id_pacote' | 'data_atualizacao' | 'status_rastreamento'>;

export interface Exchange {
  /** Events that go, whether they count or are taken back; those that are not there are passed over. */
  readonly out: readonly EventKey[];
  /** Events that come instead. One that is there already is a second report of it. */
  readonly put: readonly NumberedReceived[];
}

const EXCHANGE = `
  SELECT troca_mensagens(
    (SELECT array_agg(ROW(u.*, NULL, NULL)::evento) FROM unnest($1::bigint[], $2::timestamptz[], $3::text[]) AS u),
    (SELECT array_agg(ROW(u.*)::evento)
     FROM unnest($4::bigint[], $5::timestamptz[], $6::text[], $7::timestamptz[], $8::jsonb[]) AS u))::float8 AS gone`;

/**
 * Exchanges stored events for others, within the caller's transaction: afterwards `pacotes`, every derived table and what is taken back are
 * as if the events that went had never come and those put had come instead. Until the transaction ends no batch is written.
 *
 * @param client connected as rastreio_owner
 * @returns how many events went
 * @throws the database's error (22023) when an event is from before the horizon of retention
 */
export async function exchangeEvents(client: ClientBase, { out, put }: Exchange): Promise<number> {
  // As a batch does, so that the horizon of db:retain does not move meanwhile.
  await client.query('SELECT pg_advisory_xact_lock_shared($1)', [LOCKS.schema]);
  // A statement of its own: the next one sees what the batches that were waited for have written.
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.corrections]);
  await noteSpellings(client, put);
  const keys = (events: readonly EventKey[]) => [
    events.map(({ id_pacote }) => id_pacote),
    events.map(({ data_atualizacao }) => data_atualizacao),
    events.map(({ status_rastreamento }) => status_rastreamento),
  ];
  const { rows } = await client.query<{ gone: number }>(EXCHANGE, [
    ...keys(out),
    ...keys(put),
    put.map(({ recebido_em }) => new Date(recebido_em).toISOString()),
    put.map(detailsText),
  ]);
  return rows[0]?.gone ?? 0;
}
