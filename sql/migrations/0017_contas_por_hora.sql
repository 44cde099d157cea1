-- Up Migration

-- The accounting by hour, so that a range of years does not read a million minutes. A batch changes one row of it, in its last statement.

-- No batch comes between the filling and the triggers.
SELECT pg_advisory_xact_lock(762002);

CREATE TABLE resumo_ingestao (
  hora       timestamptz NOT NULL,
  topico     text        NOT NULL,
  fatia      smallint    NOT NULL,
  consumidos bigint      NOT NULL,
  inseridos  bigint      NOT NULL,
  duplicados bigint      NOT NULL,
  rejeitados bigint      NOT NULL,
  PRIMARY KEY (hora, topico, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_ingestao IS 'What became of consumed messages (table ingestao) by hour and topic. Slices to be summed: partitions, so that their writers do not wait for each other.';

CREATE VIEW conferencia.resumo_ingestao AS
SELECT inicio_da_hora(minuto) AS hora, topico, sum(consumidos)::bigint AS consumidos, sum(inseridos)::bigint AS inseridos,
       sum(duplicados)::bigint AS duplicados, sum(rejeitados)::bigint AS rejeitados
FROM ingestao GROUP BY 1, 2;

CREATE FUNCTION soma_ingestao() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    DELETE FROM resumo_ingestao;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO resumo_ingestao AS r (hora, topico, fatia, consumidos, inseridos, duplicados, rejeitados)
    SELECT inicio_da_hora(minuto), topico, particao % 16, sum(consumidos), sum(inseridos), sum(duplicados), sum(rejeitados)
    FROM depois GROUP BY 1, 2, 3
    ON CONFLICT (hora, topico, fatia) DO UPDATE
      SET consumidos = r.consumidos + excluded.consumidos, inseridos = r.inseridos + excluded.inseridos,
          duplicados = r.duplicados + excluded.duplicados, rejeitados = r.rejeitados + excluded.rejeitados;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO resumo_ingestao AS r (hora, topico, fatia, consumidos, inseridos, duplicados, rejeitados)
    SELECT inicio_da_hora(minuto), topico, particao % 16, -sum(consumidos), -sum(inseridos), -sum(duplicados), -sum(rejeitados)
    FROM antes GROUP BY 1, 2, 3
    ON CONFLICT (hora, topico, fatia) DO UPDATE
      SET consumidos = r.consumidos + excluded.consumidos, inseridos = r.inseridos + excluded.inseridos,
          duplicados = r.duplicados + excluded.duplicados, rejeitados = r.rejeitados + excluded.rejeitados;
  ELSE
    INSERT INTO resumo_ingestao AS r (hora, topico, fatia, consumidos, inseridos, duplicados, rejeitados)
    SELECT inicio_da_hora(minuto), topico, particao % 16, sum(sinal * consumidos), sum(sinal * inseridos), sum(sinal * duplicados),
           sum(sinal * rejeitados)
    FROM (SELECT 1 AS sinal, * FROM depois UNION ALL SELECT -1, * FROM antes) AS u
    GROUP BY 1, 2, 3
    HAVING sum(sinal * consumidos) <> 0 OR sum(sinal * inseridos) <> 0 OR sum(sinal * duplicados) <> 0 OR sum(sinal * rejeitados) <> 0
    ON CONFLICT (hora, topico, fatia) DO UPDATE
      SET consumidos = r.consumidos + excluded.consumidos, inseridos = r.inseridos + excluded.inseridos,
          duplicados = r.duplicados + excluded.duplicados, rejeitados = r.rejeitados + excluded.rejeitados;
  END IF;
  RETURN NULL;
END
$$;

INSERT INTO resumo_ingestao (hora, topico, fatia, consumidos, inseridos, duplicados, rejeitados)
SELECT hora, topico, 16, consumidos, inseridos, duplicados, rejeitados FROM conferencia.resumo_ingestao;

CREATE TRIGGER soma_insercao AFTER INSERT ON ingestao
  REFERENCING NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION soma_ingestao();
CREATE TRIGGER soma_atualizacao AFTER UPDATE ON ingestao
  REFERENCING OLD TABLE AS antes NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION soma_ingestao();
CREATE TRIGGER soma_exclusao AFTER DELETE ON ingestao
  REFERENCING OLD TABLE AS antes FOR EACH STATEMENT EXECUTE FUNCTION soma_ingestao();
CREATE TRIGGER soma_truncamento AFTER TRUNCATE ON ingestao FOR EACH STATEMENT EXECUTE FUNCTION soma_ingestao();

-- Whole hours from the summary; the minutes of the hours that the range cuts, from the accounting itself.
CREATE FUNCTION contas_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (consumidos bigint, inseridos bigint, duplicados bigint, rejeitados bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT r.consumidos, r.inseridos, r.duplicados, r.rejeitados
  FROM resumo_ingestao r
  WHERE r.hora > inicio_da_hora(de) AND r.hora < inicio_da_hora(ate)
  UNION ALL
  SELECT i.consumidos, i.inseridos, i.duplicados, i.rejeitados
  FROM ingestao i
  WHERE i.minuto >= date_trunc('minute', de) AND i.minuto < fim_da_hora(de) AND i.minuto <= ate
  UNION ALL
  SELECT i.consumidos, i.inseridos, i.duplicados, i.rejeitados
  FROM ingestao i
  WHERE i.minuto >= greatest(fim_da_hora(de), inicio_da_hora(ate)) AND i.minuto <= ate
$$;
COMMENT ON FUNCTION contas_no_periodo(timestamptz, timestamptz) IS 'The accounting of the minutes of the range, to be summed.';

CREATE OR REPLACE FUNCTION ingestao_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (consumidos bigint, inseridos bigint, duplicados bigint, rejeitados bigint, taxa_rejeitados float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(sum(i.consumidos), 0)::bigint, coalesce(sum(i.inseridos), 0)::bigint, coalesce(sum(i.duplicados), 0)::bigint,
         coalesce(sum(i.rejeitados), 0)::bigint, (sum(i.rejeitados) / nullif(sum(i.consumidos), 0))::float8
  FROM contas_no_periodo(de, ate) AS i
$$;

-- Rounded up: below an hour whole minutes, from an hour on whole hours.
CREATE FUNCTION passo_das_contas(passo interval) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN passo < interval '1 hour' THEN make_interval(mins => greatest(1, ceil(extract(epoch FROM passo) / 60)::int))
            ELSE passo_em_horas(passo) END;

-- A chart joins the points it has: a step without messages is a point at 0, from the first hour in which there ever were any until now.
CREATE FUNCTION ingestao_por_passo(de timestamptz, ate timestamptz, passo interval)
RETURNS TABLE ("time" timestamptz, inseridos bigint, duplicados bigint, rejeitados bigint, segundos float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH contas AS MATERIALIZED (
    SELECT time_bucket(passo_das_contas(passo), c.instante) AS instante,
           sum(c.inseridos)::bigint AS inseridos, sum(c.duplicados)::bigint AS duplicados, sum(c.rejeitados)::bigint AS rejeitados
    FROM (
      SELECT i.minuto AS instante, i.inseridos, i.duplicados, i.rejeitados
      FROM ingestao i
      WHERE passo < interval '1 hour' AND i.minuto >= date_trunc('minute', de) AND i.minuto <= ate
      UNION ALL
      SELECT r.hora, r.inseridos, r.duplicados, r.rejeitados
      FROM resumo_ingestao r
      WHERE passo >= interval '1 hour' AND r.hora >= inicio_da_hora(de) AND r.hora <= ate
    ) AS c
    GROUP BY 1
  )
  SELECT p.instante, coalesce(c.inseridos, 0), coalesce(c.duplicados, 0), coalesce(c.rejeitados, 0),
         extract(epoch FROM passo_das_contas(passo))::float8
  FROM (SELECT min(r.hora) AS hora FROM resumo_ingestao r) AS primeira
  CROSS JOIN LATERAL generate_series(
    time_bucket(passo_das_contas(passo), greatest(date_trunc('minute', de), primeira.hora)),
    greatest(time_bucket(passo_das_contas(passo), least(ate, now())), (SELECT max(x.instante) FROM contas x)),
    passo_das_contas(passo)) AS p (instante)
  LEFT JOIN contas c ON c.instante = p.instante
  ORDER BY 1
$$;
COMMENT ON FUNCTION ingestao_por_passo(timestamptz, timestamptz, interval) IS
  'What became of the messages consumed in the range, by step: whole minutes, from an hour on whole hours; segundos is the length of a step. Nothing before the first hour with messages, nor in the future.';

CREATE FUNCTION contabilidade(de timestamptz, ate timestamptz)
RETURNS TABLE (consumidos bigint, inseridos bigint, duplicados bigint, rejeitados bigint, diferenca bigint, cartas bigint, diferenca_cartas bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT c.consumidos, c.inseridos, c.duplicados, c.rejeitados, c.consumidos - c.inseridos - c.duplicados - c.rejeitados,
         r.cartas, r.cartas - c.rejeitados
  FROM ingestao_no_periodo(de, ate) AS c,
    (SELECT count(*) AS cartas FROM eventos_rejeitados e
     WHERE e.rejeitado_em >= date_trunc('minute', de) AND e.rejeitado_em < date_trunc('minute', ate) + interval '1 minute') AS r
$$;
COMMENT ON FUNCTION contabilidade(timestamptz, timestamptz) IS
  'The accounting of the minutes of the range, and the dead letters of the same minutes. diferenca is always 0; diferenca_cartas is below 0 where rejected messages were read again, and never above.';

-- Kafka's time of a message may be the producer's, whose clock may be ahead; a receipt cannot be later than its writing. Of each topic the
-- newest receipt that is not ahead is one look into the index; those that are ahead, usually none, have an index of their own.
CREATE INDEX ingestao_adiantada ON ingestao (minuto) WHERE recebido_ate - minuto > interval '1 minute';

CREATE VIEW ultimo_recebimento AS
WITH RECURSIVE topicos AS (
  SELECT ''::text AS topico
  UNION ALL
  SELECT (SELECT i.topico FROM ingestao i WHERE i.topico > t.topico ORDER BY i.topico LIMIT 1)
  FROM topicos t WHERE t.topico IS NOT NULL
),
ultimo AS MATERIALIZED (
  SELECT greatest(
    (SELECT max(r.recebido_ate)
     FROM topicos t CROSS JOIN LATERAL (
       SELECT i.recebido_ate FROM ingestao i
       WHERE i.topico = t.topico AND i.recebido_ate - i.minuto <= interval '1 minute' ORDER BY i.recebido_ate DESC LIMIT 1
     ) AS r),
    (SELECT max(i.minuto) + interval '1 minute' FROM ingestao i WHERE i.recebido_ate - i.minuto > interval '1 minute')) AS recebido_ate
)
SELECT
  extract(epoch FROM now() - u.recebido_ate)::float8 AS segundos,
  (SELECT valor FROM limites WHERE nome = 'silencio_aviso') AS segundos_aviso,
  (SELECT valor FROM limites WHERE nome = 'silencio') AS segundos_critico,
  u.recebido_ate
FROM (SELECT CASE WHEN recebido_ate IS NOT NULL THEN least(recebido_ate, now()) END AS recebido_ate FROM ultimo) AS u;
COMMENT ON VIEW ultimo_recebimento IS
  'One row: seconds since the newest message that is written came in, by Kafka or by an import (null when nothing ever came), and its limits.';

INSERT INTO limites (nome, valor, unidade, descricao) VALUES
  ('silencio_aviso', 120, 'segundos', 'Time without any new message after which its tile warns; from silencio on it is critical');

GRANT SELECT ON resumo_ingestao, ultimo_recebimento TO grafana_reader;
REVOKE EXECUTE ON FUNCTION soma_ingestao FROM PUBLIC;
