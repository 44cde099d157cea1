-- The control tower: which open packages somebody should act on now.

-- How many of a lane's deliveries took longer than a time, from its histogram: those of the buckets above, and the part of the time's own
-- bucket that lies above it.
CREATE FUNCTION entregas_acima(segundos float8, baldes smallint[], acima bigint[]) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  inicios CONSTANT bigint[] := limites_dos_baldes();
  us float8 := segundos * 1e6;
  b  smallint;
  i  integer;
BEGIN
  IF us < inicios[1] THEN b := 0; ELSE b := width_bucket(least(us, 9e18)::bigint, inicios); END IF;
  i := width_bucket(b, baldes);
  -- Nothing in the time's bucket or below it.
  IF i = 0 THEN RETURN acima[1]; END IF;
  -- Bucket 0 is 0 s, and beyond the last bucket's beginning nothing is told apart.
  IF baldes[i] < b OR b = 0 OR b >= cardinality(inicios) THEN RETURN coalesce(acima[i + 1], 0); END IF;
  RETURN coalesce(acima[i + 1], 0)
    + (acima[i] - coalesce(acima[i + 1], 0)) * ((inicios[b + 1] - us) / (inicios[b + 1] - inicios[b]));
END
$$;
COMMENT ON FUNCTION entregas_acima(float8, smallint[], bigint[]) IS
  'Of deliveries in buckets (ascending; acima: how many are in each or above), how many took longer than so many seconds, interpolated inside the bucket.';

CREATE FUNCTION risco_de_atraso(idade float8, prazo float8, baldes smallint[], acima bigint[]) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN idade >= prazo THEN 1
              ELSE entregas_acima(prazo, baldes, acima) / nullif(entregas_acima(idade, baldes, acima), 0) END
$$;
COMMENT ON FUNCTION risco_de_atraso(float8, float8, smallint[], bigint[]) IS
  'P(delivery time > promise | delivery time > age) by the deliveries of a lane; null without any that took longer than the age.';

-- Deliveries of the last 30 local days of each lane that has enough of them.
CREATE VIEW historico_das_rotas AS
SELECT h.origem, h.destino, h.entregas, h.baldes, h.acima
FROM (
  SELECT b.origem, b.destino, max(b.acima) AS entregas, array_agg(b.balde ORDER BY b.balde) AS baldes, array_agg(b.acima ORDER BY b.balde) AS acima
  FROM (
    SELECT x.chave, x.origem, x.destino, x.balde, sum(x.entregas) OVER (PARTITION BY x.chave ORDER BY x.balde DESC)::bigint AS acima
    FROM (
      SELECT m.chave, m.origem, m.destino, r.balde, sum(r.entregas) AS entregas
      FROM (
        SELECT id_rota, balde, sum(entregas) AS entregas
        FROM resumo_baldes_rota WHERE dia = ANY ((SELECT ultimos_dias(30))::date[]) GROUP BY id_rota, balde
      ) AS r JOIN rotas_dos_lugares m ON m.id_rota = r.id_rota AND m.id_origem <> 0 AND m.id_destino <> 0
      GROUP BY m.chave, m.origem, m.destino, r.balde HAVING sum(r.entregas) <> 0
    ) AS x
  ) AS b GROUP BY b.chave, b.origem, b.destino
) AS h
WHERE h.entregas >= (SELECT limite('risco_minimo_entregas'));
COMMENT ON VIEW historico_das_rotas IS
  'Lanes whose deliveries of the last 30 local days are enough to estimate risks: the buckets of delivery time, and how many deliveries are in each or above.';

CREATE VIEW pacotes_da_torre AS
SELECT
  p.id_pacote, p.origem, p.destino, p.status_atual, p.data_inicio, p.data_status, p.prometido_em,
  p.hoje AND p.status_atual NOT IN ('EM ROTA DE ENTREGA', 'AGUARDANDO RETIRADA') AS prometidos_hoje,
  p.prometido_em < now() AND p.data_status < now() - make_interval(secs => (SELECT limite('sem_movimento'))) AS atrasados_parados,
  p.status_atual = 'POSTADO' AND p.data_status = p.data_inicio
    AND p.data_inicio < now() - make_interval(secs => (SELECT limite('esquecido'))) AS esquecidos,
  p.data_tentativa IS NOT NULL AND p.data_entrega IS NULL AS tentativa_falhou,
  p.amanha AS quebras_amanha,
  p.transportadora
FROM (
  SELECT q.*, coalesce(q.prometido_em >= d.hoje AND q.prometido_em < d.amanha, false) AS hoje,
         coalesce(q.prometido_em >= d.amanha AND q.prometido_em < d.depois, false) AS amanha
  FROM (
    SELECT o.*, fim_do_prazo(o.prazo_inicial, o.data_inicio, coalesce(z.prazo, (SELECT prazo_padrao()))) AS prometido_em
    FROM pacotes o LEFT JOIN prazos_julgados z USING (origem, destino) WHERE o.aberto
  ) AS q,
  (SELECT inicio_do_dia(dia_local(now())) AS hoje, inicio_do_dia(dia_local(now()) + 1) AS amanha, inicio_do_dia(dia_local(now()) + 2) AS depois) AS d
) AS p;
COMMENT ON VIEW pacotes_da_torre IS 'Open packages, their places as carriers wrote them, when they are promised (fim_do_prazo), which lists of the control tower they are in, and the carrier, null where none is said.';

CREATE VIEW torre AS
WITH abertos AS MATERIALIZED (SELECT * FROM pacotes_da_torre),
conta AS (
  SELECT count(*)::float8 AS abertos, count(*) FILTER (WHERE prometidos_hoje) AS prometidos_hoje, count(*) FILTER (WHERE atrasados_parados) AS atrasados_parados,
         count(*) FILTER (WHERE esquecidos) AS esquecidos, count(*) FILTER (WHERE tentativa_falhou) AS tentativa_falhou
  FROM abertos
),
quebras AS (
  SELECT coalesce(sum(q.risco), 0)::float8 AS esperadas, count(*) FILTER (WHERE q.risco IS NULL) AS sem_estimativa
  FROM (
    SELECT risco_de_atraso(extract(epoch FROM now() - p.data_inicio)::float8, extract(epoch FROM p.prometido_em - p.data_inicio)::float8,
                           h.baldes, h.acima) AS risco
    FROM abertos p LEFT JOIN grafias o ON o.grafia = p.origem LEFT JOIN grafias d ON d.grafia = p.destino
    LEFT JOIN historico_das_rotas h ON (h.origem, h.destino) = (o.lugar, d.lugar) WHERE p.quebras_amanha
  ) AS q
)
-- A number of packages is many or few beside all that are open; a handful is never critical.
SELECT
  t.prometidos_hoje,
  greatest(t.um, t.abertos * (SELECT limite('torre_prometidos_hoje_aviso'))) AS prometidos_hoje_aviso,
  greatest(t.minimo, t.abertos * (SELECT limite('torre_prometidos_hoje_critico'))) AS prometidos_hoje_critico,
  t.atrasados_parados,
  greatest(t.um, t.abertos * (SELECT limite('torre_atrasados_parados_aviso'))) AS atrasados_parados_aviso,
  greatest(t.minimo, t.abertos * (SELECT limite('torre_atrasados_parados_critico'))) AS atrasados_parados_critico,
  t.esquecidos,
  greatest(t.um, t.abertos * (SELECT limite('torre_esquecidos_aviso'))) AS esquecidos_aviso,
  greatest(t.minimo, t.abertos * (SELECT limite('torre_esquecidos_critico'))) AS esquecidos_critico,
  t.tentativa_falhou,
  greatest(t.um, t.abertos * (SELECT limite('torre_tentativa_falhou_aviso'))) AS tentativa_falhou_aviso,
  greatest(t.minimo, t.abertos * (SELECT limite('torre_tentativa_falhou_critico'))) AS tentativa_falhou_critico,
  t.esperadas AS quebras_amanha,
  greatest(t.um, t.abertos * (SELECT limite('torre_quebras_amanha_aviso'))) AS quebras_amanha_aviso,
  greatest(t.minimo, t.abertos * (SELECT limite('torre_quebras_amanha_critico'))) AS quebras_amanha_critico,
  t.sem_estimativa AS quebras_amanha_sem_estimativa
FROM (SELECT) AS uma
LEFT JOIN (SELECT 1::float8 AS um, (SELECT limite('torre_minimo')) AS minimo, conta.*, quebras.* FROM conta, quebras) AS t ON EXISTS (SELECT FROM status_dos_pacotes);
COMMENT ON VIEW torre IS
  'One row: how many packages are in each list of the control tower, the promises expected to be broken tomorrow, and the limits of each; all null while there is no package.';

CREATE FUNCTION lista_da_torre(lista text, limite integer)
RETURNS TABLE (id_pacote text, rota text, status_atual text, prometido_em timestamptz, atraso_segundos float8, parado_segundos float8,
               idade_segundos float8, risco float8)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  listas CONSTANT text[] := ARRAY['prometidos_hoje', 'atrasados_parados', 'esquecidos', 'tentativa_falhou', 'quebras_amanha'];
BEGIN
  IF lista IS NULL OR lista <> ALL (listas) THEN
    RAISE EXCEPTION 'lista_da_torre: % is no list; use one of %', coalesce(quote_literal(lista), 'null'), array_to_string(listas, ', ')
      USING ERRCODE = '22023';
  END IF;
  -- One of the five words above, so that each list is planned for itself.
  -- The histories once: a list is expected to be short, and they were computed again for each of its packages.
  RETURN QUERY EXECUTE format($consulta$
    WITH historico AS MATERIALIZED (SELECT * FROM historico_das_rotas)
    SELECT p.id_pacote::text, coalesce(o.lugar, p.origem) || ' → ' || coalesce(d.lugar, p.destino), p.status_atual, p.prometido_em,
           extract(epoch FROM now() - p.prometido_em)::float8, extract(epoch FROM now() - p.data_status)::float8,
           extract(epoch FROM now() - p.data_inicio)::float8,
           risco_de_atraso(extract(epoch FROM now() - p.data_inicio)::float8, extract(epoch FROM p.prometido_em - p.data_inicio)::float8,
                           h.baldes, h.acima) AS risco
    FROM pacotes_da_torre p LEFT JOIN grafias o ON o.grafia = p.origem LEFT JOIN grafias d ON d.grafia = p.destino
    LEFT JOIN historico h ON (h.origem, h.destino) = (o.lugar, d.lugar)
    WHERE p.%I
    ORDER BY %s p.prometido_em, p.id_pacote
    LIMIT $1
  $consulta$, lista, CASE WHEN lista = 'quebras_amanha' THEN 'risco DESC NULLS LAST,' ELSE '' END) USING limite;
END
$$;
COMMENT ON FUNCTION lista_da_torre(text, integer) IS
  'The packages of a list of the control tower, most urgent first: the earliest promise, of quebras_amanha the greatest risk. A null limit is none.';

GRANT SELECT ON historico_das_rotas, pacotes_da_torre, torre TO grafana_reader;
