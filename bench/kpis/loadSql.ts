/** Ids begin here, above those that people type. */
export const FIRST_ID = 1_000_000_001;

const LANES = 400;
const CITIES = 20;
const PARTITIONS = 6;
const MINUTES_OF_ACCOUNTS = 30 * 24 * 60;

/** A number from 0 to 1 that depends on nothing but the parcel and what it is for. */
const draw = (purpose: number | string) =>
  `((hashint8extended(id, (${purpose})::bigint) & 1073741823) / 1073741824.0::float8)`;

/**
 * What all parcels are made of. `vidas` holds every course a parcel's life may take, by number of scans on the way and kind;
 * `rotas` the lanes with the median hours of a delivery. Part of the lanes have a promise of their own.
 */
export const PREPARE = `
  CREATE TABLE bench_rotas AS
  SELECT n::int AS rota, 'Cidade ' || 1 + n / ${CITIES} AS origem, 'Cidade ' || 1 + (n % ${CITIES} + n / ${CITIES}) % ${CITIES} AS destino,
         36 + 120 * (n * 37 % ${LANES}) / ${LANES} AS horas
  FROM generate_series(0, ${LANES - 1}) AS n;
  CREATE TABLE bench_vidas AS
  SELECT k, tipo, cardinality(v.situacoes) AS tamanho, v.situacoes
  FROM generate_series(4, 6) AS k,
    (VALUES
      (0, ARRAY['EM ROTA DE ENTREGA', 'ENTREGUE']),
      (1, ARRAY['EM ROTA DE ENTREGA', 'TENTATIVA DE ENTREGA', 'EM ROTA DE ENTREGA', 'ENTREGUE']),
      (2, ARRAY['EM ROTA DE ENTREGA', 'AGUARDANDO RETIRADA', 'ENTREGUE']),
      (3, ARRAY['EM ROTA DE ENTREGA', 'TENTATIVA DE ENTREGA', 'DEVOLVIDO']),
      (4, ARRAY['EXTRAVIADO']),
      (5, ARRAY['CANCELADO']),
      (6, ARRAY[]::text[])) AS t (tipo, fim),
    LATERAL (SELECT ARRAY['POSTADO'] || array_fill('EM TRÂNSITO'::text, ARRAY[k]) || fim) AS v (situacoes);
  ALTER TABLE bench_vidas ADD PRIMARY KEY (k, tipo);
  ALTER TABLE bench_rotas ADD PRIMARY KEY (rota);
  INSERT INTO prazos (origem, destino, prazo)
  SELECT origem, destino, make_interval(hours => 2 * horas) FROM bench_rotas WHERE rota % 10 = 0;
  ANALYZE bench_rotas, bench_vidas`;

/**
 * Has TimescaleDB make the chunks of the $2 days until $1 beforehand: the transaction that makes one keeps the others waiting to its end.
 */
export const MAKE_CHUNKS = `
  INSERT INTO eventos_rastreamento (id_pacote, data_evento, status_rastreamento)
  SELECT 1, $1::timestamptz - d * interval '1 day', 'POSTADO' FROM generate_series(0, $2::int) AS d`;
export const EMPTY_CHUNKS = 'DELETE FROM eventos_rastreamento WHERE id_pacote = 1';

export const TIDY = 'DROP TABLE bench_rotas, bench_vidas';

/**
 * A worker's connection: where a part of the parcels lies before it is written. Instants are seconds since 1970, delays milliseconds:
 * whole numbers are grouped and added much faster than timestamps and intervals.
 */
export const CONNECT = `
  SET synchronous_commit = off;
  SET work_mem = '256MB';
  SET jit = off;
  SET timezone = 'UTC';
  CREATE TEMPORARY TABLE parte (
    id bigint, rota int, situacao text, t bigint, atraso bigint, de text, antes bigint, ultimo boolean
  )`;

/**
 * The events of parcels $1 to $2 of $3, posted over the $5 days that end at $4. Each event is computed from the parcel's number and its own
 * place in the life, and so are its neighbours: nothing has to be sorted. OFFSET 0 keeps the planner from computing a parcel's
 * figures again for each event.
 */
export const MAKE_EVENTS = `
  INSERT INTO pg_temp.parte
  SELECT ${FIRST_ID} + id, rota, situacao, t.agora,
         (2000 - ln(1 - ${draw('100 + n')}) * CASE WHEN ${draw('200 + n')} < 0.03 THEN 9000000 ELSE 45000 END)::bigint,
         anterior, t.antes, t.depois IS NULL OR t.depois > fim
  FROM (
    SELECT p.id, p.rota, p.postado, p.duracao / (v.tamanho - 1) AS passo, v.tamanho, v.situacoes, p.fim
    FROM (
      SELECT id, r.rota, fim, floor(fim - $5::int * 86400.0 + (id + ${draw(1)}) * $5 * 86400.0 / $3)::bigint AS postado,
             -- Log-normal around the lane's median, and a few that take very long.
             r.horas * 3600 * exp(0.35 * 1.7 * (${draw(2)} + ${draw(3)} + ${draw(4)} + ${draw(5)} - 2))
               * CASE WHEN ${draw(6)} < 0.02 THEN 3 ELSE 1 END AS duracao,
             4 + floor(2.4 * ${draw(7)})::int AS k,
             (SELECT CASE WHEN u < 0.014 THEN 4 WHEN u < 0.026 THEN 5 WHEN u < 0.038 THEN 3 WHEN u < 0.039 THEN 6
                          WHEN u < 0.08 THEN 2 WHEN u < 0.23 THEN 1 ELSE 0 END
              FROM (SELECT ${draw(8)} AS u OFFSET 0) AS d) AS tipo
      FROM generate_series($1::bigint, $2::bigint) AS id, (SELECT extract(epoch FROM $4::timestamptz)::bigint) AS f (fim),
        -- Busy lanes and quiet ones.
        LATERAL (SELECT * FROM bench_rotas b WHERE b.rota = floor(${LANES} * power(${draw(0)}, 1.5))::int) AS r
      OFFSET 0
    ) AS p JOIN bench_vidas v ON (v.k, v.tipo) = (p.k, p.tipo)
    OFFSET 0
  ) AS p,
  LATERAL (
    SELECT n, situacao, lag(situacao) OVER () AS anterior FROM unnest(situacoes) WITH ORDINALITY AS u (situacao, n)
  ) AS s,
  LATERAL (
    SELECT ${instantOf('n')} AS agora,
           CASE WHEN n > 1 THEN ${instantOf('n - 1')} END AS antes,
           CASE WHEN n < tamanho THEN ${instantOf('n + 1')} END AS depois
    OFFSET 0
  ) AS t
  WHERE t.agora <= fim`;

function instantOf(n: string): string {
  return `postado + CASE WHEN ${n} = 1 THEN 0 ELSE (passo * (${n} - 1 - 0.5 * ${draw(n)}))::bigint END`;
}

const bucketOf = (micros: string) => `width_bucket(${micros}, limites_dos_baldes())::smallint`;
const instantIn = (unit: number, column: string) => `to_timestamp(${column} * ${unit}.0)`;

/** Stores the part as the consumer's batches would, events in the order of their receipt: the triggers on `pacotes` and the functions for consecutive events count it. */
export const STORE: readonly string[] = [
  `INSERT INTO eventos_rastreamento (id_pacote, data_evento, status_rastreamento, recebido_em)
   SELECT id, to_timestamp(t), situacao, to_timestamp(t + atraso / 1000.0) FROM pg_temp.parte ORDER BY t + atraso / 1000.0`,
  `INSERT INTO pacotes (id_pacote, origem, destino, data_criacao, status_atual, data_status, ordem_status, data_inicio, data_entrega, data_tentativa)
   SELECT e.id, r.origem, r.destino, to_timestamp(e.inicio + 1), e.situacao, to_timestamp(e.ultimo), c.ordem, to_timestamp(e.inicio),
          to_timestamp(e.entrega), to_timestamp(e.tentativa)
   FROM (
     SELECT id, min(rota) AS rota, min(situacao) FILTER (WHERE ultimo) AS situacao, max(t) AS ultimo, min(t) AS inicio,
            max(t) FILTER (WHERE situacao = 'ENTREGUE') AS entrega, min(t) FILTER (WHERE situacao = 'TENTATIVA DE ENTREGA') AS tentativa
     FROM pg_temp.parte GROUP BY id ORDER BY id
   ) AS e JOIN bench_rotas r USING (rota) JOIN catalogo_status c ON c.status = e.situacao`,
  `SELECT soma_historico(array_agg(${instantIn(3600, 'hora')}), array_agg(situacao), array_agg(eventos), array_agg(variacao))
   FROM (
     SELECT hora, situacao, sum(eventos)::bigint AS eventos, sum(variacao)::bigint AS variacao
     FROM (
       SELECT t / 3600 AS hora, situacao, count(*) AS eventos, count(*) AS variacao FROM pg_temp.parte GROUP BY 1, 2
       UNION ALL
       SELECT t / 3600, de, 0, -count(*) FROM pg_temp.parte WHERE de IS NOT NULL GROUP BY 1, 2
     ) AS u GROUP BY 1, 2
   ) AS h`,
  `SELECT soma_permanencia(array_agg(${instantIn(86_400, 'dia')}::date), array_agg(de), array_agg(balde), array_agg(quantas), array_agg(micros))
   FROM (
     SELECT t / 86400 AS dia, de, ${bucketOf('(t - antes) * 1000000')} AS balde, count(*) AS quantas, sum(t - antes)::bigint * 1000000 AS micros
     FROM pg_temp.parte WHERE de IS NOT NULL GROUP BY 1, 2, 3
   ) AS s`,
  `SELECT soma_atraso(array_agg(${instantIn(3600, 'hora')}), array_agg(balde), array_agg(quantos), array_agg(micros))
   FROM (
     SELECT (t + atraso / 1000) / 3600 AS hora, ${bucketOf('atraso * 1000')} AS balde, count(*) AS quantos, sum(atraso)::bigint * 1000 AS micros
     FROM pg_temp.parte GROUP BY 1, 2
   ) AS s`,
];

/**
 * The accounting of the $1 days until $2, as if six partitions had written a batch a minute, of which the minutes of the last 30 days
 * are kept and of the others one row an hour. What was inserted adds up to the events that there are; the first row has the remainder.
 */
export const ACCOUNTS = `
  INSERT INTO ingestao (minuto, topico, particao, consumidos, inseridos, duplicados, rejeitados, recebido_ate)
  SELECT date_trunc('minute', $2::timestamptz) - make_interval(mins => m), 'eventos_rastreamento', p, n + r + 2, n + r, 1, 1,
         $2::timestamptz - make_interval(mins => m, secs => p)
  FROM (
    SELECT m, p, total / count(*) OVER () AS n, CASE WHEN row_number() OVER (ORDER BY m, p) = 1 THEN total % count(*) OVER () ELSE 0 END AS r
    FROM generate_series(0, $1::int * 1440 - 1) AS m, generate_series(0, ${PARTITIONS - 1}) AS p,
      (SELECT sum(eventos)::bigint AS total FROM resumo_historico) AS t
    WHERE m < ${MINUTES_OF_ACCOUNTS} OR m % 60 = 0
  ) AS e`;

/** One message in a thousand of $1 parcels was no valid event, in the $3 days until $2. */
export const REJECTED = `
  INSERT INTO eventos_rejeitados (topico, particao, deslocamento, chave, valor, motivo, campo, detalhe, recebido_em, rejeitado_em, aceito_em)
  SELECT 'eventos_rastreamento', n % ${PARTITIONS}, n, convert_to(n::text, 'UTF8'),
         convert_to(format('{"id_pacote":%s,"origem":"Cidade 1","destino":"Cidade 2","status_rastreamento":""}', n), 'UTF8'),
         (ARRAY['invalid_json', 'missing_field', 'future_timestamp', 'empty'])[1 + n % 4], 'status_rastreamento', 'made by the benchmark',
         t, t, CASE WHEN n % 20 > 0 THEN t + interval '1 day' END
  FROM generate_series(1, ceil($1::float8 * 8 / 1000)::bigint) AS n,
    LATERAL (SELECT $2::timestamptz - $3::int * (n / ceil($1::float8 * 8 / 1000)) * interval '1 day') AS l (t)`;
