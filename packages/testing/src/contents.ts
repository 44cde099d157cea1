import { DERIVED_TABLES } from '@rastreio/database';
import type { Client } from 'pg';

const LANES = new Set(['resumo_entregas_rota', 'resumo_baldes_rota']);

/** Events with the places that they say, of which an event without details says the parcel's. */
const EVENTS = `
  SELECT e.id_pacote, e.data_evento, e.status_rastreamento, e.recebido_em,
         coalesce(e.detalhes, jsonb_build_object('origem', p.origem, 'destino', p.destino)) AS detalhes
  FROM eventos_rastreamento e LEFT JOIN pacotes p USING (id_pacote)`;

const figures = DERIVED_TABLES.filter(({ name }) => name !== 'resumo_ingestao').map(
  ({ name, keys, sums }) => {
    // Lanes have the numbers in whose order they came.
    const key = keys.map((k) => (k === 'id_rota' ? `origem || '>' || destino` : k)).join(', ');
    return [
      name,
      `SELECT ARRAY[${key.replaceAll(/([^,]+(?:\|\|[^,]+)*)/g, '($1)::text')}] AS k, ${sums.map((s) => `sum(${s}) AS ${s}`).join(', ')}
     FROM ${name} ${LANES.has(name) ? 'JOIN rotas USING (id_rota)' : ''} GROUP BY 1 HAVING ${sums.map((s) => `sum(${s}) <> 0`).join(' OR ')}`,
    ] as const;
  },
);
const ALL = {
  name: 'contents',
  text: [['pacotes', 'SELECT * FROM pacotes'], ['eventos_rastreamento', EVENTS], ...figures]
    .map(([name, sql]) => `SELECT '${name}' AS name, to_jsonb(d) - 'data_criacao' AS row FROM (${sql}) AS d`)
    .join(' UNION ALL ')
    .concat(' ORDER BY 1, 2'),
};

/** All that the events of a database amount to: parcels, events and figures, by table. Two databases of the same events have the same. */
export async function contentsOf(client: Client): Promise<unknown[]> {
  return (await client.query<{ name: string; row: unknown }>(ALL)).rows;
}
