import type { ClientBase } from 'pg';
import type { NumberedReceived } from './batch';
import { detailsText } from './eventDetails';

const HAVE_CORRECTIONS = `SELECT DISTINCT id_pacote::float8 AS id FROM correcoes WHERE id_pacote = ANY ($1::bigint[])`;
const WRITE = `
  SELECT escreve_corrigidos($1::bigint[], $2::timestamptz[], $3::text[], $4::timestamptz[], $5::jsonb[], $6::text[])::float8 AS inserted`;

/** Whether an event takes another one back and so is none of its parcel. */
export function isCorrection({ correcao }: Pick<NumberedReceived, 'correcao'>): boolean {
  return correcao !== undefined;
}

/** A batch in two parts, each in the order of the batch. */
export interface Parted {
  /** Events of parcels of which nothing is taken back. */
  readonly ordinary: readonly NumberedReceived[];
  /** Corrections, and the events of parcels that have some. */
  readonly corrected: readonly NumberedReceived[];
}

/**
 * Parts a batch, within the caller's transaction, which holds the lock of corrections. Where the database has no correction and the batch
 * brings none, nothing is asked.
 *
 * @param areThere whether the database has any correction
 */
export async function partCorrected(
  client: ClientBase,
  events: readonly NumberedReceived[],
  areThere: boolean,
): Promise<Parted> {
  const corrected = new Set(events.filter(isCorrection).map(({ id_pacote }) => id_pacote));
  if (areThere) {
    const ids = [...new Set(events.map(({ id_pacote }) => id_pacote))];
    const { rows } = await client.query<{ id: number }>(HAVE_CORRECTIONS, [ids]);
    for (const { id } of rows) corrected.add(id);
  }
  if (corrected.size === 0) return { ordinary: events, corrected: [] };
  return {
    ordinary: events.filter(({ id_pacote }) => !corrected.has(id_pacote)),
    corrected: events.filter(({ id_pacote }) => corrected.has(id_pacote)),
  };
}

/**
 * Writes corrections and events of parcels that have some, within the caller's transaction: afterwards all is as if what is taken back had
 * never come, whichever came first (`escreve_corrigidos` in sql/functions).
 *
 * @returns how many of the messages, corrections among them, were not there before
 */
export async function writeCorrected(
  client: ClientBase,
  events: readonly NumberedReceived[],
): Promise<number> {
  if (events.length === 0) return 0;
  const { rows } = await client.query<{ inserted: number }>(WRITE, [
    events.map(({ id_pacote }) => id_pacote),
    events.map(({ data_atualizacao }) => data_atualizacao),
    events.map(({ status_rastreamento }) => status_rastreamento),
    events.map(({ recebido_em }) => new Date(recebido_em).toISOString()),
    events.map(detailsText),
    events.map(({ correcao }) => correcao ?? null),
  ]);
  return rows[0]?.inserted ?? 0;
}
