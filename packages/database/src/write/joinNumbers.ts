import type { ClientBase } from 'pg';
import { MustBeAloneError, type NumbersToJoin } from './tryAgain';
import { inWriteTransaction, type WriteHooks } from './writeTransaction';

const JOIN = 'SELECT junta_numeros($1::bigint[], $2::bigint[], $3) AS joined';
/** Numbers joined by one transaction: all that is stored of them is exchanged at once, and held in memory. */
const JOINED_AT_ONCE = 500;

/**
 * Moves all that is stored of parcels from the numbers that they were given to those that their senders say, in transactions of their own: who
 * waits for them waits no longer than that. What others have joined meanwhile is passed over.
 *
 * @throws the database's error, of class 22 when events of a parcel are from before the horizon of retention; those before are joined then
 */
export async function joinNumbers(
  client: ClientBase,
  pairs: readonly NumbersToJoin[],
  hooks: WriteHooks = {},
): Promise<void> {
  for (let waiting = pairs; waiting.length > 0;) {
    // Two tracking numbers of one parcel come one after the other.
    const taken = new Map<number, number>();
    const left: NumbersToJoin[] = [];
    for (const pair of waiting)
      if (taken.size < JOINED_AT_ONCE && !taken.has(pair.said)) taken.set(pair.said, pair.given);
      else left.push(pair);
    try {
      await join(client, taken, false, hooks);
    } catch (error) {
      if (!(error instanceof MustBeAloneError)) throw error;
      await join(client, taken, true, hooks);
    }
    waiting = left;
  }
}

async function join(
  client: ClientBase,
  givenBySaid: ReadonlyMap<number, number>,
  isAlone: boolean,
  hooks: WriteHooks,
): Promise<void> {
  await inWriteTransaction(client, isAlone, hooks, async () => {
    const values = [[...givenBySaid.values()], [...givenBySaid.keys()], isAlone];
    const { rows } = await client.query<{ joined: boolean }>(JOIN, values);
    if (rows[0]?.joined !== true) throw new MustBeAloneError();
  });
}
