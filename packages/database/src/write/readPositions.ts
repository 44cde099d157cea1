import type { Pool } from 'pg';

/**
 * How far partitions of a Kafka cluster's topic are written: the offset behind the last message, 0 where the database has none of this
 * cluster; null where it has messages and no note of how far, as of a version that kept none.
 */
export async function readPositions(
  pool: Pick<Pool, 'query'>,
  topic: string,
  cluster: string,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, bigint | null>> {
  // A note of another cluster says that this one has none, which is looked for in the accounts only where there is no note at all.
  const { rows } = await pool.query<{ particao: number; proximo: string | null }>(
    `SELECT asked.particao, CASE
       WHEN p.cluster IS NOT NULL THEN p.proximo
       WHEN EXISTS (SELECT FROM posicoes_lidas o WHERE o.topico = $1 AND o.particao = asked.particao) THEN 0
       WHEN NOT EXISTS (SELECT FROM ingestao i WHERE i.topico = $1 AND i.particao = asked.particao) THEN 0
     END AS proximo
     FROM unnest($3::int[]) AS asked (particao)
     LEFT JOIN posicoes_lidas p ON p.topico = $1 AND p.particao = asked.particao AND p.cluster = $2`,
    [topic, cluster, partitions],
  );
  return new Map(rows.map(({ particao, proximo }) => [particao, proximo === null ? null : BigInt(proximo)]));
}
