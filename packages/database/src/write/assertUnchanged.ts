import type { ClientBase } from 'pg';
import type { NumberedReceived } from './batch';
import { ChangedMeanwhileError } from './tryAgain';

// Not those of transactions to come: after a restore from another server, rows say numbers that this one has not reached yet.
const CHANGED = ['SELECT id_pacote AS id FROM correcoes', 'SELECT id_dado FROM numeros_juntados']
  .map(
    (rows) => `${rows} WHERE transacao >= $1::xid8 AND transacao < pg_snapshot_xmax(pg_current_snapshot())`,
  )
  .join(' UNION ');
const CHANGED_PARCELS = `SELECT id::float8 FROM (${CHANGED}) AS c`;

/**
 * To be called once the rows of `pacotes` of all these events' parcels are locked: whoever takes one of their events back, or joins their
 * number to another, locks that row before. So either this statement sees it, or it waits for the end of our transaction and sees what we wrote.
 *
 * @param unseenFrom see {@link Begun}
 * @throws ChangedMeanwhileError when the events belong elsewhere now
 */
export async function assertUnchanged(
  client: ClientBase,
  events: readonly NumberedReceived[],
  unseenFrom: string,
): Promise<void> {
  const { rows } = await client.query<{ id: number }>(CHANGED_PARCELS, [unseenFrom]);
  if (rows.length === 0) return;
  const changed = new Set(rows.map(({ id }) => id));
  if (events.some(({ id_pacote }) => changed.has(id_pacote))) throw new ChangedMeanwhileError();
}
