import type { ClientBase } from 'pg';
import { LOCKS } from '../connect/locks';
import { classifyDatabaseError, LetterRefusedError } from '../connect/sqlstate';
import type { RejectedMessage } from './batch';

// A letter whose place, time and bytes are there already is that letter; at a place that another one has, it is the place's next.
const INSERT_REJECTED = `
  INSERT INTO eventos_rejeitados
    (topico, particao, deslocamento, marca_tempo, chave, valor, cabecalhos, motivo, campo, detalhe, recebido_em, vida)
  SELECT c.*, 1 + coalesce((
    SELECT max(e.vida) FROM eventos_rejeitados e
    WHERE e.topico = c.topico AND e.particao = c.particao AND e.deslocamento = c.deslocamento), 0)
  FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bytea[], $7::jsonb[],
              $8::text[], $9::text[], $10::text[], $11::timestamptz[])
    AS c (topico, particao, deslocamento, marca_tempo, chave, valor, cabecalhos, motivo, campo, detalhe, recebido_em)
  ON CONFLICT DO NOTHING`;

/** Two who write at the same time must not count the same letters of a place. */
const LOCK_PARTITION = `SELECT pg_advisory_xact_lock(${LOCKS.letters}, hashtext($1 || ':' || $2::integer))`;

/**
 * Keeps rejected messages of one partition, within the caller's transaction. Those that are kept already stay as they are.
 *
 * @throws LetterRefusedError where one of them is refused, else the database's error
 */
export async function writeLetters(
  client: ClientBase,
  topic: string,
  partition: number,
  rejected: readonly RejectedMessage[],
): Promise<void> {
  if (rejected.length === 0) return;
  await client.query(LOCK_PARTITION, [topic, partition]);
  const columns = [
    rejected.map((r) => r.topic),
    rejected.map((r) => r.partition),
    rejected.map((r) => r.offset),
    rejected.map((r) => r.timestamp ?? null),
    rejected.map((r) => r.key),
    rejected.map((r) => r.value),
    rejected.map((r) => JSON.stringify(r.headers)),
    rejected.map((r) => r.reason),
    rejected.map((r) => r.field),
    rejected.map((r) => r.detail),
    rejected.map((r) => new Date(r.recebido_em).toISOString()),
  ];
  await client.query(INSERT_REJECTED, columns).catch((error: Error) => {
    throw classifyDatabaseError(error) === 'data' ? new LetterRefusedError(error) : error;
  });
}
