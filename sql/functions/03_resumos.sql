-- What keeps the summaries of packages and of the accounting: statement-level triggers on pacotes and ingestao.

-- A slice that no other open transaction writes to. Falls back to waiting for one when all are taken.
-- The lock also keeps two writers of one slice from locking its rows in opposite orders (deadlock).
CREATE FUNCTION fatia_livre() RETURNS smallint
LANGUAGE plpgsql AS $$
DECLARE
  -- An arbitrary namespace for these advisory locks.
  espaco CONSTANT integer := 762001;
  fatias CONSTANT integer := 16;
BEGIN
  FOR f IN 0 .. fatias - 1 LOOP
    IF pg_try_advisory_xact_lock(espaco, f) THEN RETURN f; END IF;
  END LOOP;
  PERFORM pg_advisory_xact_lock(espaco, pg_backend_pid() % fatias);
  RETURN pg_backend_pid() % fatias;
END
$$;

CREATE FUNCTION prazo_padrao() RETURNS interval
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT prazo FROM prazos WHERE origem = '*' AND destino = '*');
COMMENT ON FUNCTION prazo_padrao() IS 'The default promise. Over many rows write (SELECT prazo_padrao()), which is computed once, not for each.';

-- When a package is promised, in two forms that agree (test/kpis/ownPromises.test.ts). A promise of a lane is so many times 24 hours: adding
-- days would count a day whose clocks change as one.
CREATE FUNCTION fim_do_prazo(proprio timestamptz, inicio timestamptz, prazo interval) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(proprio, inicio + make_interval(secs => extract(epoch FROM prazo)::float8));
COMMENT ON FUNCTION fim_do_prazo(timestamptz, timestamptz, interval) IS
  'The deadline of a package: its own promise (pacotes.prazo_inicial) where it has one, else its first event plus the promise of its lane, which is the default where the lane has none; null where there is none at all.';

CREATE FUNCTION dentro_do_prazo(instante timestamptz, proprio timestamptz, inicio timestamptz, prazo interval) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN proprio IS NULL THEN instante - inicio <= prazo ELSE instante <= proprio END;
COMMENT ON FUNCTION dentro_do_prazo(timestamptz, timestamptz, timestamptz, interval) IS
  'Whether an instant is at the deadline (fim_do_prazo) or before it; null where nothing is promised.';

-- One trigger function per kind of change, from one text: only the rows they look at differ.
-- SECURITY DEFINER: writers of pacotes need no rights on the summaries and so cannot falsify them.
-- PL/pgSQL plans a statement once and keeps the plan. One made for a few rows looks each lane up in an index, which took half of the trigger's
-- time for thousands of rows; one made for thousands reads all lanes even for a single row. So the statements are there twice, and each
-- is first planned with rows as many as it is meant for.
DO $bloco$
DECLARE
  tipo   text;
  linhas text;
  soma   text;
  colunas CONSTANT text := 'origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa, prazo_inicial, prazo_final, transportadora';
BEGIN
  FOR tipo, linhas IN VALUES
    ('insercao',    format('SELECT 1 AS sinal, %s FROM depois', colunas)),
    ('atualizacao', format('SELECT 1 AS sinal, %1$s FROM depois UNION ALL SELECT -1, %1$s FROM antes', colunas)),
    ('exclusao',    format('SELECT -1 AS sinal, %s FROM antes', colunas))
  LOOP
    soma := format($modelo$
  -- A statement before the next, which so sees the lanes that another batch adds at the same time. In order: two batches with
  -- the same new lanes wait for each other and do not deadlock. The anti-join keeps ON CONFLICT from using up numbers.
  INSERT INTO rotas (origem, destino)
  SELECT DISTINCT origem, destino FROM (%1$s) AS l
  WHERE data_entrega IS NOT NULL AND NOT EXISTS (SELECT FROM rotas r WHERE (r.origem, r.destino) = (l.origem, l.destino))
  ORDER BY origem, destino
  ON CONFLICT DO NOTHING;

  WITH linhas AS MATERIALIZED (%1$s),
  entregues AS MATERIALIZED (
    SELECT sinal, status_atual, transportadora, id_rota, dia_local(data_inicio) AS postagem, dia_local(data_entrega) AS dia,
           balde(data_entrega - data_inicio) AS balde,
           extract(epoch FROM data_entrega - data_inicio) AS segundos,
           dentro_do_prazo(data_entrega, prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS no_prazo,
           data_tentativa IS NULL OR data_tentativa > data_entrega AS na_primeira,
           dentro_do_prazo(data_entrega, prazo_final, data_inicio, coalesce(prazo, padrao)) AS no_prazo_final,
           dentro_do_prazo(least(data_tentativa, data_entrega), prazo_inicial, data_inicio, coalesce(prazo, padrao)) AS tentativa_no_prazo
    FROM linhas JOIN rotas USING (origem, destino) LEFT JOIN prazos_julgados USING (origem, destino)
    WHERE data_entrega IS NOT NULL
  ),
  entregas AS MATERIALIZED (
    SELECT dia, id_rota, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues GROUP BY dia, id_rota, balde
  ),
  por_status AS (
    INSERT INTO resumo_status AS r (status, fatia, total, inicio_segundos)
    SELECT status_atual, f, sum(sinal), coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0)
    FROM linhas GROUP BY status_atual
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (status, fatia) DO UPDATE
      SET total = r.total + excluded.total, inicio_segundos = r.inicio_segundos + excluded.inicio_segundos
  ),
  por_coorte AS (
    INSERT INTO resumo_coortes AS r (dia, status, dias, fatia, total, no_prazo)
    SELECT postagem, status_atual, dias, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE no_prazo), 0)
    FROM (
      SELECT postagem, status_atual, floor(segundos / 86400)::smallint AS dias, no_prazo, sinal FROM entregues
      UNION ALL
      SELECT dia_local(data_inicio), status_atual, NULL, NULL, sinal FROM linhas WHERE data_entrega IS NULL
    ) AS p
    GROUP BY postagem, status_atual, dias
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) <> 0
    ON CONFLICT (dia, status, dias, fatia) DO UPDATE SET total = r.total + excluded.total, no_prazo = r.no_prazo + excluded.no_prazo
  ),
  por_dia AS (
    INSERT INTO resumo_entregas AS r (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT coalesce(dia, '-infinity'), balde, f,
           sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY GROUPING SETS ((dia, balde), (balde))
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, balde, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  por_balde AS (
    INSERT INTO resumo_baldes_rota AS r (dia, id_rota, balde, fatia, entregas)
    SELECT dia, id_rota, balde, f, entregas FROM entregas WHERE entregas <> 0
    ON CONFLICT (dia, id_rota, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  ),
  por_rota AS (
    INSERT INTO resumo_entregas_rota AS r (dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
    SELECT dia, id_rota, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
    FROM entregas GROUP BY dia, id_rota
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
      OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
    ON CONFLICT (dia, id_rota, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
          no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo
  ),
  -- Of packages that have a carrier; the others cost one look each.
  por_postagem AS (
    INSERT INTO resumo_postagem_transportadora AS r (dia, transportadora, fatia, pacotes, abertos)
    SELECT dia_local(data_inicio), transportadora, f, sum(sinal), coalesce(sum(sinal) FILTER (WHERE aberto), 0)
    FROM linhas WHERE transportadora IS NOT NULL GROUP BY 1, 2
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (dia, transportadora, fatia) DO UPDATE SET pacotes = r.pacotes + excluded.pacotes, abertos = r.abertos + excluded.abertos
  ),
  entregas_delas AS MATERIALIZED (
    SELECT dia, transportadora, balde, sum(sinal) AS entregas, sum(sinal * segundos) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE no_prazo), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE na_primeira), 0) AS na_primeira,
           coalesce(sum(sinal) FILTER (WHERE no_prazo_final), 0) AS no_prazo_final,
           coalesce(sum(sinal) FILTER (WHERE tentativa_no_prazo), 0) AS tentativa_no_prazo
    FROM entregues WHERE transportadora IS NOT NULL GROUP BY dia, transportadora, balde
  ),
  por_balde_delas AS (
    INSERT INTO resumo_baldes_transportadora AS r (dia, transportadora, balde, fatia, entregas)
    SELECT dia, transportadora, balde, f, entregas FROM entregas_delas WHERE entregas <> 0
    ON CONFLICT (dia, transportadora, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  )
  INSERT INTO resumo_entregas_transportadora AS r
    (dia, transportadora, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
  SELECT dia, transportadora, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira), sum(no_prazo_final), sum(tentativa_no_prazo)
  FROM entregas_delas GROUP BY dia, transportadora
  HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
    OR sum(no_prazo_final) <> 0 OR sum(tentativa_no_prazo) <> 0
  ON CONFLICT (dia, transportadora, fatia) DO UPDATE
    SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
        no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira,
        no_prazo_final = r.no_prazo_final + excluded.no_prazo_final, tentativa_no_prazo = r.tentativa_no_prazo + excluded.tentativa_no_prazo;
$modelo$, linhas);
    EXECUTE format($modelo$
CREATE FUNCTION resume_%1$s() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $corpo$
DECLARE
  f       smallint;
  padrao  interval;
  quantas bigint;
BEGIN
  SELECT count(*) INTO quantas FROM (%2$s) AS l;
  IF quantas = 0 THEN RETURN NULL; END IF;
  -- Promises do not change under a batch, see julga_prazos().
  PERFORM pg_advisory_xact_lock_shared(762003);
  f := fatia_livre();
  padrao := prazo_padrao();
  IF quantas < 500 THEN%3$s  ELSE%3$s  END IF;
  RETURN NULL;
END
$corpo$$modelo$, tipo, linhas, soma);
  END LOOP;
END
$bloco$;

-- The events table is emptied with pacotes or not at all; what depends on events goes with them.
CREATE FUNCTION esvazia_resumos() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM resumo_status;
  DELETE FROM resumo_entregas;
  DELETE FROM resumo_entregas_rota;
  DELETE FROM resumo_baldes_rota;
  DELETE FROM resumo_entregas_transportadora;
  DELETE FROM resumo_baldes_transportadora;
  DELETE FROM resumo_postagem_transportadora;
  DELETE FROM resumo_coortes;
  DELETE FROM resumo_historico;
  DELETE FROM resumo_permanencia;
  DELETE FROM resumo_atraso;
  DELETE FROM resumo_atraso_dia;
  DELETE FROM eventos_anteriores;
  DELETE FROM eventos_corrigidos;
  DELETE FROM correcoes;
  DELETE FROM removidos_historico;
  DELETE FROM removidos_permanencia;
  DELETE FROM removidos_atraso;
  UPDATE retencao SET horizonte = '-infinity', removidos_ate = '-infinity', fora_da_conta = 0;
  RETURN NULL;
END
$$;

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

-- Slices are locks that writers wait for, and triggers need no caller's right.
REVOKE EXECUTE ON FUNCTION fatia_livre, resume_insercao, resume_atualizacao, resume_exclusao, esvazia_resumos, soma_ingestao FROM PUBLIC;

CREATE TRIGGER resume_insercao AFTER INSERT ON pacotes
  REFERENCING NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION resume_insercao();
CREATE TRIGGER resume_atualizacao AFTER UPDATE ON pacotes
  REFERENCING OLD TABLE AS antes NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION resume_atualizacao();
CREATE TRIGGER resume_exclusao AFTER DELETE ON pacotes
  REFERENCING OLD TABLE AS antes FOR EACH STATEMENT EXECUTE FUNCTION resume_exclusao();
CREATE TRIGGER esvazia AFTER TRUNCATE ON pacotes FOR EACH STATEMENT EXECUTE FUNCTION esvazia_resumos();
CREATE TRIGGER soma_insercao AFTER INSERT ON ingestao
  REFERENCING NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION soma_ingestao();
CREATE TRIGGER soma_atualizacao AFTER UPDATE ON ingestao
  REFERENCING OLD TABLE AS antes NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION soma_ingestao();
CREATE TRIGGER soma_exclusao AFTER DELETE ON ingestao
  REFERENCING OLD TABLE AS antes FOR EACH STATEMENT EXECUTE FUNCTION soma_ingestao();
CREATE TRIGGER soma_truncamento AFTER TRUNCATE ON ingestao FOR EACH STATEMENT EXECUTE FUNCTION soma_ingestao();
