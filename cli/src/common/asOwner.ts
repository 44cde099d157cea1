import { assertOwner, assertSchema, withClient } from '@rastreio/database';
import type { ClientBase } from 'pg';
import type { PlaceOptions } from './options';
import { findDatabase } from './where';

/** Runs on the database as its owner. @throws OperatorError (78) when its schema is another version's, or the role is not its owner */
export async function asOwner<T>(options: PlaceOptions, run: (client: ClientBase) => Promise<T>): Promise<T> {
  return withClient(await findDatabase(options, 'owner'), async (client) => {
    await assertSchema(client);
    await assertOwner(client);
    return run(client);
  });
}
