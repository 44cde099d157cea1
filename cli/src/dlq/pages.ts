import type { Pool } from 'pg';
import type { Place } from './place';
import { NEXT_PARAMETER, PLACE_COLUMNS, toCondition, type Selection } from './selection';

const MAX_LETTERS = 200;
/** A dead letter may be as large as the broker lets a message be: pages bound the memory. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The places of a selection in order, in pages of a bounded number of letters and, but for one that is larger alone, of bytes. */
export async function* pagesOf(
  pool: Pool,
  selection: Selection,
  limit = Infinity,
): AsyncGenerator<readonly Place[]> {
  const { sql, parameters } = toCondition(selection);
  const [topic, partition, offset, life, size] = [0, 1, 2, 3, 4].map((i) => `$${NEXT_PARAMETER + i}`);
  let left = limit;
  let after: Place = { topico: '', particao: 0, deslocamento: '0', vida: 0 };
  while (left > 0) {
    const { rows } = await pool.query<Place & { bytes: number }>(
      `SELECT ${PLACE_COLUMNS}, coalesce(octet_length(valor), 0) AS bytes
       FROM eventos_rejeitados
       WHERE ${sql} AND (${PLACE_COLUMNS}) > (${topic}::text, ${partition}::integer, ${offset}::bigint, ${life}::integer)
       ORDER BY ${PLACE_COLUMNS} LIMIT ${size}`,
      [
        ...parameters,
        after.topico,
        after.particao,
        after.deslocamento,
        after.vida,
        Math.min(MAX_LETTERS, left),
      ],
    );
    let bytes = 0;
    const page: Place[] = [];
    for (const row of rows) {
      bytes += row.bytes;
      if (page.length > 0 && bytes > MAX_BYTES) break;
      page.push(row);
    }
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last;
    left -= page.length;
  }
}
