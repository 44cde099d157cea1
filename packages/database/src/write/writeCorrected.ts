import type { ClientBase } from 'pg';
import type { NumberedReceived } from './batch';
import { detailsText } from './eventDetails';
import { MustBeAloneError } from './tryAgain';

const HAVE_CORRECTIONS = `SELECT DISTINCT id_pacote::float8 AS id FROM correcoes WHERE id_pacote = ANY ($1::bigint[])`;
const WRITE = `
  SELECT escreve_corrigidos($1::bigint[], $2::timestamptz[], $3::text[], $4::timestamptz[], $5::jsonb[], $6::text[], $7)::float8 AS inserted`;

/** Whether an event takes another one back and so is none of its parcel. */
function isCorrection({ correcao }: Pick<NumberedReceived, 'correcao'>): boolean {
  return correcao !== undefined;
}

/** A batch in two parts, each in the order of the batch. */
export interface Parted {
  /** Events of parcels of which the database knows no correction. */
  readonly ordinary: readonly NumberedReceived[];
  /** Corrections, and the events of parcels of which it knows some. */
  readonly corrected: readonly NumberedReceived[];
}

/**
 * Parts a batch, within the caller's transaction. The ordinary part is to be written first: it makes the rows by which the parcels of
 * corrections are locked. Where the database has no correction, nothing is asked.
 *
 * @param areThere whether the database has any correction
 */
export async function partCorrected(
  client: ClientBase,
  events: readonly NumberedReceived[],
  areThere: boolean,
): Promise<Parted> {
  const known = new Set<number>();
  if (areThere) {
    const ids = [...new Set(events.map(({ id_pacote }) => id_pacote))];
    const { rows } = await client.query<{ id: number }>(HAVE_CORRECTIONS, [ids]);
    for (const { id } of rows) known.add(id);
  }
  const isCorrected = (event: NumberedReceived) => isCorrection(event) || known.has(event.id_pacote);
  if (!events.some(isCorrected)) return { ordinary: events, corrected: [] };
  return {
    ordinary: events.filter((event) => !isCorrected(event)),
    corrected: events.filter(isCorrected),
  };
}

/**
 * Writes corrections and events of parcels that have some, within the caller's transaction: afterwards all is as if what is taken back had
 * never come, whichever came first (`escreve_corrigidos` in sql/functions).
 *
 * @param isAlone no other batch is written meanwhile
 * @returns how many of the messages, corrections among them, were not there before
 * @throws MustBeAloneError (only where it is not) when a parcel has neither events nor corrections yet
 */
export async function writeCorrected(
  client: ClientBase,
  events: readonly NumberedReceived[],
  isAlone: boolean,
): Promise<number> {
  if (events.length === 0) return 0;
  const { rows } = await client.query<{ inserted: number | null }>(WRITE, [
    events.map(({ id_pacote }) => id_pacote),
    events.map(({ data_atualizacao }) => data_atualizacao),
    events.map(({ status_rastreamento }) => status_rastreamento),
    events.map(({ recebido_em }) => new Date(recebido_em).toISOString()),
    events.map(detailsText),
    events.map(({ correcao }) => correcao ?? null),
    isAlone,
  ]);
  const inserted = rows[0]?.inserted ?? null;
  if (inserted === null) throw new MustBeAloneError();
  return inserted;
}
