import { quantiles, type Comparison } from '../comparison';

const seconds = (duration: string, name: string) => `extract(epoch FROM ${duration})::float8 AS ${name}`;
/** From so many deliveries on, a lane's percentiles count. */
const ENOUGH = `(SELECT valor FROM limites WHERE nome = 'risco_minimo_entregas')`;
/** Null while it can be kept and is not. */
const kept = (deadline: string) =>
  `CASE WHEN entrega <= ${deadline} THEN true WHEN entrega > ${deadline} OR now() > ${deadline} THEN false END`;
const STATE = `id_pacote, origem, destino, status AS status_atual, data_status, inicio AS data_inicio`;

/** Deliveries with what is wrong with the order of their events, null where nothing is. */
const OUT_OF_ORDER = `
  SELECT *, CASE
    WHEN NOT EXISTS (SELECT FROM ev WHERE ev.id_pacote = pk.id_pacote AND data_evento < entrega)
      THEN CASE WHEN data_status > entrega THEN 'entrega antes do resto' ELSE 'nada antes da entrega' END
    WHEN NOT terminal THEN 'reaberto depois da entrega' END AS problema
  FROM pk WHERE entrega IS NOT NULL`;

/** Single parcels. Their limits are the views that other comparisons check: within two percent, a limit cannot be told exactly. */
export const PARCELS: readonly Comparison[] = [
  {
    name: 'pacotes_em_risco',
    key: ['id_pacote'],
    actual: 'SELECT * FROM pacotes_em_risco',
    plain: `SELECT ${STATE}, ${seconds('now() - inicio', 'idade_segundos')}, l.p95_segundos, ${seconds('prometido - inicio', 'prazo_segundos')},
                   transportadora
            FROM pk LEFT JOIN (SELECT * FROM limites_das_rotas WHERE entregas >= ${ENOUGH}) AS l USING (origem, destino)
            WHERE NOT terminal AND (extract(epoch FROM now() - inicio) > 0.8 * extract(epoch FROM prometido - inicio)
                                    OR extract(epoch FROM now() - inicio)::float8 > l.p95_segundos)`,
  },
  {
    name: 'pacotes_parados',
    key: ['id_pacote'],
    actual: 'SELECT * FROM pacotes_parados',
    plain: `SELECT ${STATE}, ${seconds('now() - data_status', 'parado_segundos')}, l.p99_segundos, transportadora
            FROM pk JOIN limites_dos_status l ON l.status_rastreamento = status
            WHERE NOT terminal AND extract(epoch FROM now() - data_status)::float8 > l.p99_segundos`,
  },
  {
    name: 'fora_de_ordem',
    key: ['n', 'id_pacote'],
    actual: 'SELECT r.n, f.* FROM periodos r, fora_de_ordem(r.de, r.ate) AS f',
    plain: `SELECT r.n, ${STATE}, problema, entrega AS data_entrega
            FROM periodos r JOIN (${OUT_OF_ORDER}) AS x ON entrega BETWEEN r.de AND r.ate WHERE problema IS NOT NULL`,
  },
  {
    name: 'fora_de_ordem_por_problema',
    key: ['n', 'problema'],
    actual: 'SELECT r.n, f.* FROM periodos r, fora_de_ordem_por_problema(r.de, r.ate) AS f',
    plain: `SELECT r.n, u.problema, count(*) FILTER (WHERE x.problema = u.problema) AS pacotes,
                   avg(coalesce(x.problema = u.problema, false)::int)::float8 AS taxa,
                   max(entrega) FILTER (WHERE x.problema = u.problema) AS ultima_entrega
            FROM periodos r JOIN (${OUT_OF_ORDER}) AS x ON entrega BETWEEN r.de AND r.ate,
                 unnest('{entrega antes do resto,reaberto depois da entrega,nada antes da entrega}'::text[]) AS u (problema)
            GROUP BY r.n, u.problema`,
  },
  {
    name: 'passos_do_pacote',
    key: ['id', 'data_evento', 'status_rastreamento'],
    actual: `SELECT id_pacote AS id, row_number() OVER (PARTITION BY id_pacote) AS k, f.*
             FROM pacotes, passos_do_pacote(id_pacote) AS f`,
    plain: `SELECT e.id_pacote AS id, e.k, e.data_evento, e.status_rastreamento, e.recebido_em, n.data_evento AS ate,
                   ${seconds('coalesce(n.data_evento, CASE WHEN NOT pk.terminal THEN now() END) - e.data_evento', 'permanencia_segundos')},
                   l.p50_segundos, l.p99_segundos, d.detalhes->>'local' AS local, d.detalhes->>'descricao' AS descricao
            FROM ev e JOIN pk USING (id_pacote) JOIN eventos_rastreamento d USING (id_pacote, data_evento, status_rastreamento) LEFT JOIN ev n ON n.id_pacote = e.id_pacote AND n.k = e.k + 1
            LEFT JOIN limites_dos_status l ON l.status_rastreamento = e.status_rastreamento`,
  },
  {
    name: 'resumo_do_pacote',
    key: ['id_pacote'],
    actual: 'SELECT f.* FROM pacotes, resumo_do_pacote(id_pacote) AS f',
    plain: `SELECT id_pacote, origem_escrita AS origem, destino_escrito AS destino, status AS status_atual, data_status, inicio AS data_inicio,
                   entrega AS data_entrega,
                   ${seconds('coalesce(entrega, CASE WHEN terminal THEN data_status ELSE now() END) - inicio', 'idade_segundos')},
                   r.entregas_da_rota, CASE WHEN r.entregas_da_rota >= ${ENOUGH} THEN r.p50_segundos END AS p50_da_rota_segundos,
                   CASE WHEN r.entregas_da_rota >= ${ENOUGH} THEN r.p95_segundos END AS p95_da_rota_segundos,
                   ${seconds('prometido - inicio', 'prazo_segundos')}, prometido AS prometido_em,
                   proprio AS prazo_inicial, proprio_final AS prazo_final,
                   ${kept('prometido')} AS no_prazo, ${kept('prometido_final')} AS no_prazo_final,
                   nome_do_pacote(pk.id_pacote) AS nome, (SELECT p.transportadora FROM pacotes p WHERE p.id_pacote = pk.id_pacote) AS transportadora
            FROM pk CROSS JOIN LATERAL (
              SELECT count(*) AS entregas_da_rota, ${quantiles(50, 95)} FROM nas_rotas e
              WHERE e.origem = pk.origem AND e.destino = pk.destino AND e.dia > (now() AT TIME ZONE fuso())::date - 30
            ) AS r`,
  },
];
