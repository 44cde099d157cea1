import type { ClientBase } from 'pg';
import type { Batch, BatchCounts, RejectedMessage } from './batch';
import { assertGeneration } from '../schema/generation';
import { LOCKS } from '../connect/locks';
import { sqlstate, TooOldError } from '../connect/sqlstate';
import { assertNotTooOld, HORIZON } from './horizon';
import { OvertakenError, writeEvents } from './writeEvents';

export interface WriteHooks {
  /** Called when all is written and nothing committed: where fault tests end the process. */
  readonly beforeCommit?: () => void;
}

const BEGIN = `
  BEGIN;
  SELECT pg_advisory_xact_lock_shared(${LOCKS.schema});
  SELECT escritor_minimo, ${HORIZON} AS horizonte
  FROM versao_do_esquema, retencao`;

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
 * Writes a batch in one transaction: events, parcel states, rejected messages and the accounting. Either all of it is
 * committed or none. Writing the same messages again changes nothing but the count of duplicates.
 *
 * @param client a connection after {@link prepareConnection}, outside any transaction; after an error it must be closed (as
 *   {@link withPoolClient} does)
 * @throws OperatorError (exit code 78) when the schema is for newer writers; TooOldError when an event is from before the horizon of
 *   retention; else the database's error, after a rollback; see
 *   {@link classifyDatabaseError}
 */
export async function writeBatch(
  client: ClientBase,
  batch: Batch,
  hooks: WriteHooks = {},
): Promise<BatchCounts> {
  try {
    return await transact(client, batch, hooks, { provenNew: true });
  } catch (error) {
    // A zombie or a second group: now nothing counts as proven.
    if (!(error instanceof OvertakenError)) throw error;
    return transact(client, batch, hooks, { provenNew: false });
  }
}

async function transact(
  client: ClientBase,
  { topic, partition, events, rejected }: Batch,
  { beforeCommit }: WriteHooks,
  options: { provenNew: boolean },
): Promise<BatchCounts> {
  const consumed = events.length + rejected.length;
  if (consumed === 0) return { consumed: 0, inserted: 0, duplicate: 0, rejected: 0 };
  try {
    assertNotTooOld(events, await begin(client));
    const inserted = events.length === 0 ? 0 : await writeEvents(client, events, options);
    if (rejected.length > 0) await client.query(INSERT_REJECTED, rejectedColumns(rejected));
    const counts = { consumed, inserted, duplicate: events.length - inserted, rejected: rejected.length };
    await client.query(ADD_TO_ACCOUNTS, [
      topic,
      partition,
      consumed,
      inserted,
      counts.duplicate,
      counts.rejected,
      timestamp(newestReceipt([...events, ...rejected])),
    ]);
    beforeCommit?.();
    await client.query('COMMIT');
    return counts;
  } catch (error) {
    // Only an error that the server sent leaves the connection in step. After a time-out or a broken socket the caller closes it,
    // which rolls back as well; a ROLLBACK would wait behind the answer that never came. The first error is the one that matters.
    if (sqlstate(error) !== undefined || error instanceof OvertakenError || error instanceof TooOldError)
      await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Begins and returns the instant before which events are refused, null where none are. */
async function begin(client: ClientBase): Promise<string | null> {
  // pg gives a list of results for several statements at once, which its types do not say.
  const results = (await client.query(BEGIN)) as unknown as {
    rows: { escritor_minimo: number; horizonte: string | null }[];
  }[];
  const row = results.at(-1)?.rows[0];
  assertGeneration(row?.escritor_minimo ?? Infinity);
  return row?.horizonte ?? null;
}

function rejectedColumns(rejected: readonly RejectedMessage[]): unknown[] {
  return [
    rejected.map((r) => r.topic),
    rejected.map((r) => r.partition),
    rejected.map((r) => r.offset),
    rejected.map((r) => r.key),
    rejected.map((r) => r.value),
    rejected.map((r) => JSON.stringify(r.headers)),
    rejected.map((r) => r.reason),
    rejected.map((r) => r.field),
    rejected.map((r) => r.detail),
    rejected.map((r) => timestamp(r.recebido_em)),
  ];
}

function newestReceipt(received: readonly { readonly recebido_em: number }[]): number {
  return received.reduce((newest, { recebido_em }) => Math.max(newest, recebido_em), -Infinity);
}

function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
