import { nearestStatus } from '@rastreio/contract';
import type { ClientBase } from 'pg';
import type { RankedStatus } from '../schema/catalogue';

/** A status that events have and the catalogue lacks. */
export interface UnknownWord {
  readonly word: string;
  readonly events: number;
  /** Hours of the first and of the last event that has it, by the events' own time. */
  readonly first: string;
  readonly last: string;
  /** Carriers that send it, with the code that they send with it where there is one: of up to 200 events of that last hour. */
  readonly carriers: readonly { readonly carrier: string; readonly code: string | null }[];
  /** The status that it may mean, null where none is near. */
  readonly nearest: string | null;
}

// The sums by hour know every status; events themselves are only looked at in the last hour of each word.
const UNKNOWN = `
  WITH desconhecidos AS (
    SELECT h.status, sum(h.eventos)::float8 AS eventos, min(h.hora) FILTER (WHERE h.eventos > 0) AS primeira, max(h.hora) FILTER (WHERE h.eventos > 0) AS ultima
    FROM resumo_historico h LEFT JOIN catalogo_status c USING (status)
    WHERE c.status IS NULL
    GROUP BY h.status HAVING sum(h.eventos) > 0
    ORDER BY 2 DESC, 1 LIMIT $1
  )
  SELECT d.status AS word, d.eventos AS events, d.primeira AS first, d.ultima AS last, coalesce(t.quem, '[]') AS carriers
  FROM desconhecidos d
  CROSS JOIN LATERAL (
    SELECT jsonb_agg(DISTINCT jsonb_build_object('carrier', e.transportadora, 'code', e.codigo)) FILTER (WHERE e.transportadora IS NOT NULL) AS quem
    FROM (
      SELECT x.detalhes->>'transportadora' AS transportadora, x.detalhes->>'codigo_evento' AS codigo
      FROM eventos_rastreamento x
      WHERE x.data_evento >= d.ultima AND x.data_evento < d.ultima + interval '1 hour' AND x.status_rastreamento = d.status LIMIT 200
    ) AS e
  ) AS t
  ORDER BY d.eventos DESC, d.status`;

/**
 * The statuses that events have and the catalogue lacks, the most frequent first.
 *
 * @param limit how many of them at most
 */
export async function unknownWords(client: ClientBase, limit: number): Promise<UnknownWord[]> {
  const catalogue = await readStatuses(client);
  const { rows } = await client.query<
    Omit<UnknownWord, 'nearest' | 'first' | 'last'> & { first: Date; last: Date }
  >(UNKNOWN, [limit]);
  return rows.map(({ first, last, ...row }) => ({
    ...row,
    first: first.toISOString(),
    last: last.toISOString(),
    // Of those that are shipped also by their English name.
    nearest: nearestStatus(row.word) ?? nearestStatus(row.word, catalogue),
  }));
}

/** A word with its meaning, as `apelidos_status` has it. */
export interface StoredAlias {
  readonly transportadora: string;
  readonly tipo: 'texto' | 'codigo';
  readonly palavra: string;
  /** Null: it is being taken back, or its text is being added as a status. */
  readonly status: string | null;
  readonly criado_em: Date;
  readonly criado_por: string;
  /** Whether all that is stored goes by it. */
  readonly aplicado: boolean;
  /** Whether its text is being added as a status. */
  readonly vira_status: boolean;
}

/** The statuses that a database knows, by rank. */
export async function readStatuses(client: ClientBase): Promise<RankedStatus[]> {
  const { rows } = await client.query<RankedStatus>(
    'SELECT status, ordem AS rank, terminal FROM catalogo_status ORDER BY ordem',
  );
  return rows;
}

/** All words that have a meaning, or are losing it. */
export async function readAliases(client: ClientBase): Promise<StoredAlias[]> {
  const { rows } = await client.query<StoredAlias>(
    `SELECT transportadora, tipo, palavra, status, criado_em, criado_por, aplicado_em IS NOT NULL AS aplicado,
            provisorio IS NOT NULL AS vira_status
     FROM apelidos_status ORDER BY status, transportadora, tipo, palavra`,
  );
  return rows;
}
