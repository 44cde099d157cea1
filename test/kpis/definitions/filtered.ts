import { DELIVERY_FIGURES, quantiles, type Comparison } from '../comparison';

const { mean, onTime, otherwiseOnTime } = DELIVERY_FIGURES;
const chosen = (row: string) =>
  `(origens = '{}' OR ${row}.origem = ANY (origens)) AND (destinos = '{}' OR ${row}.destino = ANY (destinos))`;
/** Statuses that are chosen, and how many events are asked for. */
const WANTED = `(VALUES (0, '{}'::text[], 2), (1, '{ENTREGUE}', 3), (2, '{ROUBADO,ÁGUA,EM TRÂNSITO}', 100)) AS w (m, situacoes, limite)`;

/** What a dashboard's variables choose. */
export const FILTERED: readonly Comparison[] = [
  {
    name: 'origens',
    key: ['origem'],
    actual: 'SELECT * FROM origens',
    plain: `SELECT DISTINCT origem FROM pk WHERE origem <> '(não informado)'`,
  },
  {
    name: 'destinos',
    key: ['destino'],
    actual: 'SELECT * FROM destinos',
    plain: `SELECT DISTINCT destino FROM pk WHERE destino <> '(não informado)'`,
  },
  {
    name: 'status_em of places',
    key: ['n', 'lugares', 'status_rastreamento'],
    actual: 'SELECT n, lugares, f.* FROM instantes, escolhas, status_em(instante, origens, destinos) AS f',
    plain: `SELECT n, lugares, status_rastreamento, count(*) AS total_pacotes
            FROM (SELECT DISTINCT ON (n, lugares, id_pacote) n, lugares, ev.status_rastreamento
                  FROM instantes CROSS JOIN escolhas JOIN ev ON data_evento <= instante AND conta JOIN pk USING (id_pacote)
                  WHERE ${chosen('pk')} ORDER BY n, lugares, id_pacote, k DESC) AS d
            GROUP BY n, lugares, status_rastreamento`,
  },
  {
    name: 'indicadores_em',
    key: ['n', 'lugares'],
    actual:
      'SELECT n, lugares, f.* FROM instantes, escolhas, indicadores_em(instante, origens, destinos) AS f',
    plain: `SELECT n, lugares,
                   (SELECT count(*) FROM pk WHERE ${chosen('pk')} AND (inicio <= instante OR instante >= now())) AS total_pacotes,
                   d.*
            FROM instantes CROSS JOIN escolhas CROSS JOIN LATERAL (
              SELECT count(*) AS total_entregues, ${mean}, ${quantiles(50, 95)}, ${onTime}, ${otherwiseOnTime}
              FROM entregues e WHERE ${chosen('e')} AND (entrega <= instante OR instante >= now())
            ) AS d`,
  },
  {
    name: 'indicadores_em of everything, now',
    key: [],
    actual: `SELECT f.* FROM indicadores_em(now(), '{}', '{}') AS f`,
    plain: `SELECT total_pacotes, total_entregues, tempo_medio_segundos, p50_segundos, p95_segundos, taxa_no_prazo,
                   taxa_no_prazo_final, taxa_tentativa_no_prazo
            FROM indicadores_entrega`,
  },
  {
    name: 'ultimos_eventos',
    key: ['n', 'lugares', 'm', 'k'],
    actual: `SELECT n, lugares, m, f.*
             FROM periodos CROSS JOIN escolhas CROSS JOIN ${WANTED}
             CROSS JOIN LATERAL ultimos_eventos(de, ate, origens, destinos, situacoes, limite)
               WITH ORDINALITY AS f (data_evento, id_pacote, status_rastreamento, origem, destino, k)`,
    plain: `SELECT n, lugares, m, f.*
            FROM periodos CROSS JOIN escolhas CROSS JOIN ${WANTED} CROSS JOIN LATERAL (
              SELECT data_evento, id_pacote::text AS id_pacote, status_rastreamento, pk.origem, pk.destino,
                     row_number() OVER (ORDER BY data_evento DESC, id_pacote, ordem DESC, status_rastreamento COLLATE "C" DESC) AS k
              FROM ev JOIN pk USING (id_pacote)
              WHERE data_evento BETWEEN de AND ate AND ${chosen('pk')} AND (situacoes = '{}' OR status_rastreamento = ANY (situacoes))
            ) AS f WHERE f.k <= limite`,
  },
];
