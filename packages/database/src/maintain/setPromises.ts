import type { ClientBase } from 'pg';
import { despiteWriters, inTransaction } from '../connect/transaction';

/** Whole days promised for a lane, or for `*` to `*`, which is where a lane has no promise of its own. */
interface Promised {
  readonly origem: string;
  readonly destino: string;
  readonly prazo_dias: number;
}

/** A row of `prazos` that is not what it was. */
export interface ChangedPromise {
  readonly origem: string;
  readonly destino: string;
  /** As PostgreSQL writes an interval; null: the lane had none of its own. */
  readonly antes: string | null;
  readonly agora: string;
}

// A promise for a lane in another spelling of its places is replaced, too: of several the shortest would count.
const REPLACE_OTHER_SPELLINGS = `
  WITH novos AS (
    SELECT n.origem, n.destino, o.id_lugar AS de, d.id_lugar AS para
    FROM unnest($1::text[], $2::text[]) AS n (origem, destino)
    JOIN grafias o ON o.grafia = n.origem JOIN grafias d ON d.grafia = n.destino
    WHERE n.origem <> '*'
  )
  DELETE FROM prazos p USING grafias o, grafias d
  WHERE o.grafia = p.origem AND d.grafia = p.destino AND (o.id_lugar, d.id_lugar) IN (SELECT de, para FROM novos)
    AND (p.origem, p.destino) NOT IN (SELECT origem, destino FROM novos)`;

/**
 * Writes promises into `prazos`, all or none; lanes that are not named, in any spelling, keep theirs. Triggers judge all deliveries by them in the same
 * transaction.
 *
 * @param client outside any transaction
 * @returns the lanes whose promise changed, by name
 */
export async function setPromises(
  client: ClientBase,
  promises: readonly Promised[],
): Promise<ChangedPromise[]> {
  const column = <K extends keyof Promised>(name: K) => promises.map((promise) => promise[name]);
  return despiteWriters(() =>
    inTransaction(client, 'BEGIN ISOLATION LEVEL READ COMMITTED', async () => {
      // Both parts of a WITH see the table as it was before.
      const { rows } = await client.query<ChangedPromise>(
        `WITH novos AS (
         INSERT INTO prazos AS p (origem, destino, prazo)
         SELECT origem, destino, make_interval(days => dias) FROM unnest($1::text[], $2::text[], $3::int[]) AS n (origem, destino, dias)
         ON CONFLICT (origem, destino) DO UPDATE SET prazo = excluded.prazo WHERE p.prazo <> excluded.prazo
         RETURNING origem, destino, prazo
       )
       SELECT origem, destino, p.prazo::text AS antes, n.prazo::text AS agora
       FROM novos n LEFT JOIN prazos p USING (origem, destino) ORDER BY origem, destino`,
        [column('origem'), column('destino'), column('prazo_dias')],
      );
      await client.query(REPLACE_OTHER_SPELLINGS, [column('origem'), column('destino')]);
      return rows;
    }),
  );
}

/** Whether no lane has a promise of its own. */
export async function hasOnlyDefaultPromise(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ none: boolean }>(
    `SELECT NOT EXISTS (SELECT FROM prazos WHERE origem <> '*') AS none`,
  );
  return rows[0]?.none === true;
}
