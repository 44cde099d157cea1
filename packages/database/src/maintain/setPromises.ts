import type { ClientBase } from 'pg';

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

/**
 * Writes promises into `prazos`, all or none; lanes that are not named keep theirs. Triggers judge all deliveries by them in the same
 * statement.
 *
 * @returns the lanes whose promise changed, by name
 */
export async function setPromises(
  client: ClientBase,
  promises: readonly Promised[],
): Promise<ChangedPromise[]> {
  const column = <K extends keyof Promised>(name: K) => promises.map((promise) => promise[name]);
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
  return rows;
}

/** Whether no lane has a promise of its own. */
export async function hasOnlyDefaultPromise(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ none: boolean }>(
    `SELECT NOT EXISTS (SELECT FROM prazos WHERE origem <> '*') AS none`,
  );
  return rows[0]?.none === true;
}
