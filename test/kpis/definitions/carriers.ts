import { DELIVERY_FIGURES, quantiles, type Comparison } from '../comparison';

const { mean, onTime, firstAttempt, otherwiseOnTime } = DELIVERY_FIGURES;
const local = (instant: string) => `(${instant} AT TIME ZONE fuso())::date`;
const STEP = `(date '2000-01-03' + floor((dia - date '2000-01-03')::numeric / passos.dias)::int * passos.dias)::timestamp AT TIME ZONE fuso()`;
const DAYS = 'greatest(1, ceil(extract(epoch FROM r.passo) / 86400)::int)';
const firstStep = `date '2000-01-03' + floor((${local('r.de')} - date '2000-01-03')::numeric / ${DAYS})::int * ${DAYS}`;

const NAMED = `coalesce(transportadora, '(não informada)')`;
/** Delivered parcels with the scans that they have and how long each took to come. */
const SCANNED = `
  SELECT p.id_pacote, p.entrega, ${NAMED} AS transportadora, bool_or(status_rastreamento = 'POSTADO') AS postado,
         bool_or(status_rastreamento = 'EM TRÂNSITO') AS transito, bool_or(status_rastreamento = 'EM ROTA DE ENTREGA') AS rota
  FROM pk p JOIN ev USING (id_pacote) WHERE entrega IS NOT NULL GROUP BY 1, 2, 3`;
const DELAYS = `
  SELECT p.entrega, ${NAMED} AS transportadora, CASE WHEN recebido_em < data_evento THEN 0 ELSE extract(epoch FROM recebido_em - data_evento) END::float8 AS atraso
  FROM pk p JOIN ev USING (id_pacote) WHERE entrega IS NOT NULL`;
const delay = (p: number) => `percentile_cont(${p}) WITHIN GROUP (ORDER BY atraso)`;

/** Choices of carriers, by number. */
const CHOICES = `(VALUES (0, '{}'::text[]), (1, '{JADLOG}'), (2, '{"(não informada)",CORREIOS}'), (3, '{NENHUMA}')) AS c (escolha, nomes)`;
const CHOSEN = "(nomes = '{}' OR t.transportadora = ANY (nomes))";

/** Figures by carrier. */
export const CARRIERS: readonly Comparison[] = [
  {
    name: 'transportadoras',
    key: ['transportadora'],
    actual: 'SELECT * FROM transportadoras',
    plain: `SELECT DISTINCT ${NAMED} AS transportadora FROM pk`,
  },
  {
    name: 'desempenho_das_transportadoras',
    key: ['n', 'escolha', 'transportadora'],
    actual: `SELECT r.n, c.escolha, f.* FROM periodos r, ${CHOICES}, desempenho_das_transportadoras(r.de, r.ate, c.nomes) AS f`,
    plain: `
      SELECT r.n, c.escolha, t.transportadora, p.pacotes, coalesce(e.entregas, 0) AS entregas, e.taxa_no_prazo, e.taxa_no_prazo_final,
             e.taxa_tentativa_no_prazo, e.taxa_na_primeira, e.tempo_medio_segundos, e.p50_segundos, e.p95_segundos,
             a.atraso_p50_segundos, a.atraso_p95_segundos, s.taxa_completos, coalesce(s.conferidos, 0) AS conferidos, p.abertos,
             (SELECT count(*) FROM pacotes_em_risco x JOIN pk USING (id_pacote) WHERE coalesce(pk.transportadora, '(não informada)') = t.transportadora) AS em_risco
      FROM periodos r CROSS JOIN ${CHOICES} CROSS JOIN (SELECT DISTINCT ${NAMED} AS transportadora FROM pk) AS t
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE ${local('inicio')} BETWEEN ${local('r.de')} AND ${local('r.ate')}) AS pacotes,
               count(*) FILTER (WHERE NOT terminal) AS abertos
        FROM pk WHERE ${NAMED} = t.transportadora
      ) AS p
      LEFT JOIN LATERAL (
        SELECT count(*) AS entregas, ${mean}, ${quantiles(50, 95)}, ${onTime}, ${firstAttempt}, ${otherwiseOnTime}
        FROM entregues WHERE ${NAMED} = t.transportadora AND entrega BETWEEN r.de AND r.ate HAVING count(*) > 0
      ) AS e ON true
      LEFT JOIN LATERAL (
        SELECT avg((postado AND transito AND rota)::int)::float8 AS taxa_completos, count(*) AS conferidos
        FROM (${SCANNED}) AS x WHERE x.transportadora = t.transportadora AND x.entrega BETWEEN r.de AND r.ate HAVING count(*) > 0
      ) AS s ON true
      LEFT JOIN LATERAL (
        SELECT ${delay(0.5)} AS atraso_p50_segundos, ${delay(0.95)} AS atraso_p95_segundos
        FROM (${DELAYS}) AS x WHERE x.transportadora = t.transportadora AND x.entrega BETWEEN r.de AND r.ate HAVING count(*) > 0
      ) AS a ON true
      WHERE ${CHOSEN} AND (p.pacotes > 0 OR e.entregas > 0 OR p.abertos > 0)`,
  },
  {
    name: 'leituras_das_transportadoras',
    key: ['n', 'transportadora'],
    actual: `SELECT r.n, f.transportadora, f.conferidos, f.completos, f.sem_postado, f.sem_em_transito, f.sem_em_rota
             FROM periodos r, leituras_das_transportadoras(r.de, r.ate) AS f`,
    plain: `SELECT r.n, transportadora, count(*) AS conferidos, count(*) FILTER (WHERE postado AND transito AND rota) AS completos,
                   count(*) FILTER (WHERE NOT postado) AS sem_postado, count(*) FILTER (WHERE NOT transito) AS sem_em_transito,
                   count(*) FILTER (WHERE NOT rota) AS sem_em_rota
            FROM periodos r JOIN (${SCANNED}) AS x ON entrega BETWEEN r.de AND r.ate GROUP BY r.n, transportadora`,
  },
  {
    name: 'leituras_faltantes',
    key: ['n', 'id_pacote'],
    actual: 'SELECT r.n, f.* FROM periodos r, leituras_faltantes(r.de, r.ate) AS f',
    plain: `SELECT r.n, id_pacote, transportadora, entrega AS data_entrega, array_to_string(array_remove(ARRAY[
                     CASE WHEN postado THEN NULL ELSE 'POSTADO' END, CASE WHEN transito THEN NULL ELSE 'EM TRÂNSITO' END,
                     CASE WHEN rota THEN NULL ELSE 'EM ROTA DE ENTREGA' END], NULL), ', ') AS faltam
            FROM periodos r JOIN (${SCANNED}) AS x ON entrega BETWEEN r.de AND r.ate WHERE NOT (postado AND transito AND rota)`,
  },
  {
    name: 'transportadoras_por_passo',
    key: ['n', 'escolha', 'time', 'transportadora'],
    actual: `SELECT r.n, c.escolha, f.* FROM periodos r, ${CHOICES}, transportadoras_por_passo(r.de, r.ate, r.passo, c.nomes) AS f`,
    plain: `SELECT r.n, c.escolha, ${STEP} AS "time", t.transportadora, count(*) AS entregas, ${onTime}, ${mean}
            FROM periodos r CROSS JOIN LATERAL (SELECT ${DAYS} AS dias) AS passos CROSS JOIN ${CHOICES}
            JOIN (SELECT *, ${NAMED} AS nome FROM entregues) AS e ON dia BETWEEN ${firstStep} AND ${local('r.ate')}
            CROSS JOIN LATERAL (SELECT e.nome AS transportadora) AS t
            WHERE ${CHOSEN} GROUP BY 1, 2, 3, 4`,
  },
  {
    name: 'nunca_encerrados',
    key: ['id_pacote'],
    actual: 'SELECT * FROM nunca_encerrados',
    plain: `SELECT ${NAMED} AS transportadora, id_pacote, origem, destino, status AS status_atual, max(data_evento) AS ultimo_evento
            FROM pk JOIN ev USING (id_pacote) WHERE NOT pk.terminal GROUP BY 1, 2, 3, 4, 5
            HAVING max(data_evento) < now() - interval '20 days'`,
  },
];
