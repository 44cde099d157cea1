-- What judges deliveries anew when promises change: a trigger on prazos, and the dictionary of places calls it.

-- The deliveries judged by a lane's promise that changes are judged again; those of packages with a promise of their own are not. A promise
-- changes where prazos is edited, and where spellings get another place. Waits for the batches under way and lets new ones wait, but not where
-- only spellings have a promise that were not known before: no batch has them. Called with 762007 held.
CREATE FUNCTION julga_de_novo(novas text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  f      smallint;
  mudou  boolean;
  espera boolean;
BEGIN
  WITH agora AS MATERIALIZED (SELECT * FROM conferencia.prazos_julgados),
  diferentes AS (
    SELECT origem, destino FROM agora a FULL JOIN prazos_julgados j USING (origem, destino) WHERE a.prazo IS DISTINCT FROM j.prazo
  )
  SELECT count(*) > 0,
         coalesce(bool_or(origem <> ALL (novas) AND destino <> ALL (novas)), false)
  INTO mudou, espera FROM diferentes;
  IF NOT mudou THEN RETURN; END IF;

  IF espera THEN
    -- Any other level would go on with the snapshot from before the wait, without the batches that were waited for.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION 'the places of promises are changed in a transaction of isolation level READ COMMITTED; this one is %', upper(current_setting('transaction_isolation'))
        USING ERRCODE = '25001';
    END IF;
    PERFORM pg_advisory_xact_lock(762003);
    f := fatia_livre();

    WITH agora AS MATERIALIZED (SELECT * FROM conferencia.prazos_julgados),
    mudadas AS MATERIALIZED (
      SELECT r.id_rota, r.origem, r.destino, coalesce(a.prazo, pa.prazo) AS agora, coalesce(j.prazo, pj.prazo) AS antes
      FROM rotas r
      LEFT JOIN agora a ON (a.origem, a.destino) = (r.origem, r.destino)
      LEFT JOIN prazos_julgados j ON (j.origem, j.destino) = (r.origem, r.destino)
      LEFT JOIN agora pa ON (pa.origem, pa.destino) = ('*', '*')
      LEFT JOIN prazos_julgados pj ON (pj.origem, pj.destino) = ('*', '*')
      WHERE coalesce(a.prazo, pa.prazo) IS DISTINCT FROM coalesce(j.prazo, pj.prazo)
    ),
    mudados AS MATERIALIZED (
      SELECT data_inicio, data_entrega, status_atual, id_rota, p.transportadora, u.sinal,
             dentro_do_prazo(data_entrega, prazo_inicial, data_inicio, u.prazo) AS no_prazo,
             dentro_do_prazo(data_entrega, prazo_final, data_inicio, u.prazo) AS no_prazo_final,
             dentro_do_prazo(least(data_tentativa, data_entrega), prazo_inicial, data_inicio, u.prazo) AS tentativa_no_prazo
      FROM mudadas m JOIN pacotes p USING (origem, destino)
      CROSS JOIN LATERAL (VALUES (1, m.agora), (-1, m.antes)) AS u (sinal, prazo)
      WHERE data_entrega IS NOT NULL AND (prazo_inicial IS NULL OR prazo_final IS NULL)
    ),
    entregas AS MATERIALIZED (
      SELECT dia_local(data_entrega) AS dia, id_rota, balde(data_entrega - data_inicio) AS balde,
             coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
             coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
             coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
      FROM mudados GROUP BY 1, 2, 3
    ),
    por_coorte AS (
      INSERT INTO resumo_coortes AS r (dia, status, dias, fatia, total, no_prazo)
      SELECT dia_local(data_inicio), status_atual, floor(extract(epoch FROM data_entrega - data_inicio) / 86400)::smallint, f, 0, sum(sinal)
      FROM mudados WHERE no_prazo GROUP BY 1, 2, 3 HAVING sum(sinal) <> 0
      ON CONFLICT (dia, status, dias, fatia) DO UPDATE SET no_prazo = r.no_prazo + excluded.no_prazo
    ),
    por_dia AS (
      INSERT INTO resumo_entregas AS r (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
      SELECT coalesce(dia, '-infinity'), balde, f, 0, 0, sum(no_prazo), 0, sum(no_prazo_final), sum(tentativa_no_prazo)
      FROM entregas GROUP BY GROUPING SETS ((dia, balde), (balde))
      HAVING sum(no_prazo) <> 0 OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
      ON CONFLICT (dia, balde, fatia) DO UPDATE
        SET no_prazo = r.no_prazo + excluded.no_prazo, no_prazo_final = r.no_prazo_final + excluded.no_prazo_final,
            tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
    ),
    por_transportadora AS (
      INSERT INTO resumo_entregas_transportadora AS r
        (dia, transportadora, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
      SELECT u.dia, u.transportadora, f, 0, 0, u.no_prazo, 0, u.no_prazo_final, u.tentativa_no_prazo
      FROM (
        SELECT dia_local(data_entrega) AS dia, transportadora,
               coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
               coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
               coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
        FROM mudados WHERE transportadora IS NOT NULL GROUP BY 1, 2
      ) AS u
      WHERE u.no_prazo <> 0 OR u.no_prazo_final <> 0 OR u.tentativa_no_prazo <> 0
      ON CONFLICT (dia, transportadora, fatia) DO UPDATE
        SET no_prazo = r.no_prazo + excluded.no_prazo, no_prazo_final = r.no_prazo_final + excluded.no_prazo_final,
            tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
    )
    INSERT INTO resumo_entregas_rota AS r (dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT dia, id_rota, f, 0, 0, sum(no_prazo), 0, sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY dia, id_rota
    HAVING sum(no_prazo) <> 0 OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, id_rota, fatia) DO UPDATE
      SET no_prazo = r.no_prazo + excluded.no_prazo, no_prazo_final = r.no_prazo_final + excluded.no_prazo_final,
          tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo;
  END IF;

  DELETE FROM prazos_julgados j
  WHERE NOT EXISTS (SELECT FROM conferencia.prazos_julgados c WHERE (c.origem, c.destino, c.prazo) = (j.origem, j.destino, j.prazo));
  INSERT INTO prazos_julgados SELECT * FROM conferencia.prazos_julgados ON CONFLICT DO NOTHING;
END
$$;

CREATE FUNCTION julga_prazos() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'prazos is edited in a transaction of isolation level READ COMMITTED; this one is %', upper(current_setting('transaction_isolation'))
      USING ERRCODE = '25001';
  END IF;
  PERFORM pg_advisory_xact_lock(762007);
  PERFORM anota_grafias(ARRAY(SELECT origem FROM prazos WHERE origem <> '*' UNION SELECT destino FROM prazos WHERE destino <> '*'));
  PERFORM julga_de_novo('{}');
  RETURN NULL;
END
$$;

REVOKE EXECUTE ON FUNCTION julga_de_novo, julga_prazos FROM PUBLIC;

CREATE TRIGGER julga AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON prazos
  FOR EACH STATEMENT EXECUTE FUNCTION julga_prazos();
