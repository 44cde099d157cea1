import {
  connectTo,
  createWriterPool,
  withPoolClient,
  writeBatch,
  type BatchCounts,
  type ReceivedEvent,
} from '@rastreio/database';
import { Client, type Pool } from 'pg';
import { freshDatabase, type TestDatabase, type TestServer } from './servers';
import { CLEAR, WITHOUT_JIT } from './statements';

/** What db:retain leaves behind. */
const FORGET_REMOVED = `
  DELETE FROM eventos_anteriores; DELETE FROM removidos_historico; DELETE FROM removidos_permanencia; DELETE FROM removidos_atraso;
  UPDATE retencao SET horizonte = '-infinity', removidos_ate = '-infinity', fora_da_conta = 0`;

/** A database with a writer's connections and its owner's. */
export interface Bed {
  readonly database: TestDatabase;
  readonly pool: Pool;
  readonly owner: Client;
  readonly write: (events: readonly ReceivedEvent[], beforeCommit?: () => void) => Promise<BatchCounts>;
  readonly clear: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A {@link Bed} of its own for a test file; so many batches can be written at once. */
export async function makeBed(server: TestServer, connections = 2): Promise<Bed> {
  const database = await freshDatabase(server);
  const owner = new Client(connectTo(database.ownerUrl));
  await owner.connect();
  await owner.query(WITHOUT_JIT);
  const pool = createWriterPool({
    databaseUrl: database.writerUrl,
    connections,
    applicationName: 'test',
  });
  return {
    ...{ database, pool, owner },
    write: (events, beforeCommit) =>
      withPoolClient(pool, (client) =>
        writeBatch(
          client,
          { topic: 'test', partition: 0, events, rejected: [] },
          beforeCommit === undefined ? {} : { beforeCommit },
        ),
      ),
    clear: async () => {
      await owner.query(`${CLEAR}; ${FORGET_REMOVED}`);
    },
    close: async () => {
      await pool.end();
      await owner.end();
      await database.drop();
    },
  };
}
