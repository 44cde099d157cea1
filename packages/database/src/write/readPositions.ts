import type { Pool } from 'pg';

/** How far a topic of a Kafka cluster is written, by partition: the offset behind the last message. */
export async function readPositions(
  pool: Pick<Pool, 'query'>,
  topic: string,
  cluster: string,
): Promise<ReadonlyMap<number, bigint>> {
  const { rows } = await pool.query<{ particao: number; proximo: string }>(
    'SELECT particao, proximo FROM posicoes_lidas WHERE topico = $1 AND cluster = $2',
    [topic, cluster],
  );
  return new Map(rows.map(({ particao, proximo }) => [particao, BigInt(proximo)]));
}
