-- Events that are taken back (docs/decisions/0024). Of a package's messages, events and corrections, in whatever order they came:
-- every event with the instant and status of a correction "mesmo" is gone; then each correction "anterior", in the order of
-- (instant, status), takes back the latest event that is left and not after its own instant.

-- The events that are left, of packages that have corrections. What lies before the horizon of db:retain is left as it is.
CREATE FUNCTION eventos_restantes(ids bigint[], inicio timestamptz, fim timestamptz)
RETURNS TABLE (id_pacote bigint, data_evento timestamptz, status_rastreamento text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  horizonte_ CONSTANT timestamptz := (SELECT horizonte FROM retencao);
  m       record;
  atual   bigint;
  -- What is left so far of the package at hand, in order: a correction takes the last one.
  datas   timestamptz[] := '{}';
  textos  text[] := '{}';
BEGIN
  FOR m IN
    SELECT x.id_pacote, x.data_evento, x.status_rastreamento, x.corrige
    FROM (
      SELECT e.id_pacote, e.data_evento, e.status_rastreamento, false AS corrige, coalesce(c.ordem, 0) AS ordem
      FROM (
        SELECT e.id_pacote, e.data_evento, e.status_rastreamento FROM eventos_rastreamento e
        WHERE e.id_pacote = ANY (ids) AND e.data_evento BETWEEN greatest(inicio, horizonte_) AND fim
        UNION ALL
        SELECT e.id_pacote, e.data_evento, e.status_rastreamento FROM eventos_corrigidos e
        WHERE e.id_pacote = ANY (ids) AND e.data_evento >= horizonte_
      ) AS e
      LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
      WHERE NOT EXISTS (
        SELECT FROM correcoes k
        WHERE (k.id_pacote, k.data_evento, k.status_rastreamento, k.alvo) = (e.id_pacote, e.data_evento, e.status_rastreamento, 'mesmo'))
      UNION ALL
      SELECT k.id_pacote, k.data_evento, k.status_rastreamento, true, 0
      FROM correcoes k WHERE k.id_pacote = ANY (ids) AND k.alvo = 'anterior' AND k.data_evento >= horizonte_
    ) AS x
    ORDER BY x.id_pacote, x.data_evento, x.corrige, x.ordem, x.status_rastreamento COLLATE "C"
  LOOP
    IF m.id_pacote IS DISTINCT FROM atual THEN
      RETURN QUERY SELECT atual, u.* FROM unnest(datas, textos) AS u;
      atual := m.id_pacote;
      datas := '{}';
      textos := '{}';
    END IF;
    IF m.corrige THEN
      datas := trim_array(datas, least(1, cardinality(datas)));
      textos := trim_array(textos, least(1, cardinality(textos)));
    ELSE
      datas := datas || m.data_evento;
      textos := textos || m.status_rastreamento;
    END IF;
  END LOOP;
  RETURN QUERY SELECT atual, u.* FROM unnest(datas, textos) AS u;
END
$$;

-- Puts every event of these packages where it belongs: with those that count, or with those that are taken back.
CREATE FUNCTION aplica_correcoes(ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  horizonte_ CONSTANT timestamptz := (SELECT horizonte FROM retencao);
  inicio   timestamptz;
  fim      timestamptz;
  restam   evento[];
  saem     evento[];
  voltam   evento[];
BEGIN
  SELECT min(data_inicio), max(greatest(data_status, outra_data)) INTO inicio, fim FROM pacotes WHERE id_pacote = ANY (ids);
  SELECT array_agg(ROW(r.*, NULL, NULL)::evento) INTO restam FROM eventos_restantes(ids, inicio, fim) AS r;
  SELECT array_agg(ROW(e.id_pacote, e.data_evento, e.status_rastreamento, e.recebido_em, e.detalhes)::evento) INTO saem
  FROM eventos_rastreamento e
  WHERE e.id_pacote = ANY (ids) AND e.data_evento BETWEEN greatest(inicio, horizonte_) AND fim
    AND (e.id_pacote, e.data_evento, e.status_rastreamento) NOT IN (SELECT r.id_pacote, r.data_evento, r.status_rastreamento FROM unnest(restam) AS r);
  WITH fora AS (
    DELETE FROM eventos_corrigidos e USING unnest(restam) AS r
    WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (r.id_pacote, r.data_evento, r.status_rastreamento)
    RETURNING e.*
  )
  SELECT array_agg(ROW(f.id_pacote, f.data_evento, f.status_rastreamento, f.recebido_em, f.detalhes)::evento) INTO voltam FROM fora f;
  INSERT INTO eventos_corrigidos (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes)
  SELECT s.* FROM unnest(troca_eventos(saem, voltam)) AS s;
END
$$;

-- By which words a correction names its event. One that takes back whatever came before names none.
CREATE FUNCTION palavras_da_correcao(alvo text, detalhes jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN alvo = 'mesmo' THEN nullif(jsonb_strip_nulls(jsonb_build_object('transportadora', detalhes->'transportadora',
  'codigo_evento', detalhes->'codigo_evento', 'palavra', detalhes->'palavra')), '{}') END;

-- A correction that is there already may name its event by further words.
CREATE FUNCTION junta_correcao(nova correcao) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE correcoes c SET detalhes = nullif(junta_relato(c.status_rastreamento, c.data_evento, coalesce(c.detalhes, '{}'), c.recebido_em, coalesce(nova.detalhes, '{}'), nova.recebido_em), '{}')
  WHERE (c.id_pacote, c.data_evento, c.status_rastreamento, c.alvo) = (nova.id_pacote, nova.data_evento, nova.status_rastreamento, nova.alvo)
    AND c.detalhes IS DISTINCT FROM nova.detalhes
    AND c.detalhes IS DISTINCT FROM
      nullif(junta_relato(c.status_rastreamento, c.data_evento, coalesce(c.detalhes, '{}'), c.recebido_em, coalesce(nova.detalhes, '{}'), nova.recebido_em), '{}')
$$;

-- Whoever writes to a package holds its row of pacotes until the commit; where it has none and some of its events are taken back, its
-- rows of correcoes. Locks these packages and returns those that have neither: nobody else can be kept from them by a row.
CREATE FUNCTION tranca_pacotes(ids bigint[]) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  trancados bigint[] := ARRAY(SELECT id_pacote FROM pacotes WHERE id_pacote = ANY (ids) ORDER BY id_pacote FOR UPDATE);
BEGIN
  trancados := trancados || ARRAY(
    SELECT id_pacote FROM correcoes WHERE id_pacote = ANY (ids)
    ORDER BY id_pacote, data_evento, status_rastreamento, alvo FOR UPDATE);
  RETURN ARRAY(SELECT unnest(ids) EXCEPT SELECT unnest(trancados));
END
$$;

-- Corrections, and the messages of packages that have some: events (alvo null), each with the places that it says. Returns how many were
-- not there before; null, and nothing is written, where a package can be locked by no row and the caller is not alone (sozinho): it holds the
-- lock of corrections alone, and no other batch is written meanwhile.
CREATE FUNCTION escreve_corrigidos(
  pacotes_ bigint[], datas timestamptz[], situacoes text[], recebidos timestamptz[], detalhes_ jsonb[], alvos text[], sozinho boolean
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  ids      CONSTANT bigint[] := ARRAY(SELECT DISTINCT id FROM unnest(pacotes_) AS id);
  correcoes_novas bigint;
  eventos_novos   bigint;
  de_novo  evento[];
BEGIN
  IF tranca_pacotes(ids) <> '{}' AND NOT sozinho THEN RETURN NULL; END IF;
  -- From here on each statement sees what those who were waited for have committed.
  INSERT INTO correcoes (id_pacote, data_evento, status_rastreamento, alvo, recebido_em, detalhes)
  SELECT u.id_pacote, u.data_evento, u.status_rastreamento, u.alvo, u.recebido_em, palavras_da_correcao(u.alvo, u.detalhes)
  FROM unnest(pacotes_, datas, situacoes, recebidos, detalhes_, alvos) AS u (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes, alvo)
  WHERE u.alvo IS NOT NULL
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS correcoes_novas = ROW_COUNT;
  -- One that names its event by another word is kept beside the first.
  PERFORM junta_correcao(ROW(u.id_pacote, u.data_evento, u.status_rastreamento, u.alvo, u.recebido_em, palavras_da_correcao(u.alvo, u.detalhes))::correcao)
  FROM unnest(pacotes_, datas, situacoes, recebidos, detalhes_, alvos) AS u (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes, alvo)
  WHERE u.alvo = 'mesmo';

  -- New events wait with those that are taken back until it is decided where they belong.
  INSERT INTO eventos_corrigidos (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes)
  SELECT u.id_pacote, u.data_evento, u.status_rastreamento, u.recebido_em, u.detalhes
  FROM unnest(pacotes_, datas, situacoes, recebidos, detalhes_, alvos) AS u (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes, alvo)
  WHERE u.alvo IS NULL AND NOT EXISTS (
    SELECT FROM eventos_rastreamento e
    WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (u.id_pacote, u.data_evento, u.status_rastreamento))
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS eventos_novos = ROW_COUNT;

  SELECT array_agg(ROW(u.id_pacote, u.data_evento, u.status_rastreamento, u.recebido_em, u.detalhes)::evento) INTO de_novo
  FROM unnest(pacotes_, datas, situacoes, recebidos, detalhes_, alvos) AS u (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes, alvo)
  WHERE u.alvo IS NULL;
  -- The state that the writer keeps elsewhere by merging is computed anew here.
  IF junta_relatos(de_novo) THEN
    PERFORM refaz_pacotes(ids, min(data_inicio), max(greatest(data_status, outra_data))) FROM pacotes WHERE id_pacote = ANY (ids);
  END IF;
  PERFORM aplica_correcoes(ids);
  RETURN correcoes_novas + eventos_novos;
END
$$;

-- Takes events out for good, whether they count or are taken back, and puts others in; what is taken back is decided anew. Returns how many
-- went. The caller holds the lock of corrections alone.
CREATE FUNCTION troca_mensagens(saem evento[], entram evento[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  ids        CONSTANT bigint[] := ARRAY(SELECT id_pacote FROM unnest(saem) UNION SELECT id_pacote FROM unnest(entram));
  quantos    CONSTANT text := 'SELECT (SELECT count(*) FROM eventos_rastreamento WHERE id_pacote = ANY ($1)) + (SELECT count(*) FROM eventos_corrigidos WHERE id_pacote = ANY ($1))';
  antes      bigint;
  depois     bigint;
  corrigidos bigint;
  contados   bigint;
BEGIN
  EXECUTE quantos INTO antes USING ids;
  DELETE FROM eventos_corrigidos e USING unnest(saem) AS s
  WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (s.id_pacote, s.data_evento, s.status_rastreamento);
  GET DIAGNOSTICS corrigidos = ROW_COUNT;
  -- One that is taken back already is only reported once more.
  PERFORM junta_relatos(entram);
  contados := cardinality(troca_eventos(saem, (
    SELECT array_agg(n) FROM unnest(entram) AS n
    WHERE NOT EXISTS (
      SELECT FROM eventos_corrigidos e
      WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (n.id_pacote, n.data_evento, n.status_rastreamento)))));
  PERFORM aplica_correcoes((SELECT array_agg(DISTINCT c.id_pacote) FROM correcoes c WHERE c.id_pacote = ANY (ids)));
  EXECUTE quantos INTO depois USING ids;
  UPDATE retencao SET fora_da_conta = fora_da_conta + antes - depois WHERE antes <> depois;
  RETURN corrigidos + contados;
END
$$;

-- Exchanges events and corrections for others: the same ones with the statuses that their words mean now, or under another number. The caller
-- holds the lock of corrections alone.
CREATE FUNCTION troca_guardados(
  saem evento[], entram evento[], correcoes_saem correcao[], correcoes_entram correcao[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  ids    CONSTANT bigint[] := ARRAY(SELECT id_pacote FROM unnest(correcoes_saem) UNION SELECT id_pacote FROM unnest(correcoes_entram));
  antes  CONSTANT bigint := (SELECT count(*) FROM correcoes WHERE id_pacote = ANY (ids));
  depois bigint;
  nova   correcao;
BEGIN
  DELETE FROM correcoes c USING unnest(correcoes_saem) AS s
  WHERE (c.id_pacote, c.data_evento, c.status_rastreamento, c.alvo) = (s.id_pacote, s.data_evento, s.status_rastreamento, s.alvo);
  FOREACH nova IN ARRAY coalesce(correcoes_entram, '{}') LOOP
    INSERT INTO correcoes (id_pacote, data_evento, status_rastreamento, alvo, recebido_em, detalhes) SELECT nova.* ON CONFLICT DO NOTHING;
    PERFORM junta_correcao(nova);
  END LOOP;
  depois := (SELECT count(*) FROM correcoes WHERE id_pacote = ANY (ids));
  UPDATE retencao SET fora_da_conta = fora_da_conta + antes - depois WHERE antes <> depois;
  PERFORM troca_mensagens(saem, entram);
  IF ids <> '{}' THEN PERFORM aplica_correcoes(ids); END IF;
END
$$;

-- Every event of packages that have corrections or events taken back: whether it should count, and whether it does. What lies before the
-- horizon of db:retain is as it is.
CREATE VIEW conferencia.eventos_corrigidos AS
WITH ids AS (SELECT array_agg(u.id_pacote) AS todos FROM (SELECT id_pacote FROM correcoes UNION SELECT id_pacote FROM eventos_corrigidos) AS u),
eventos AS (
  SELECT e.id_pacote, e.data_evento, e.status_rastreamento, true AS conta
  FROM eventos_rastreamento e WHERE e.id_pacote = ANY ((SELECT todos FROM ids)::bigint[])
  UNION ALL
  SELECT id_pacote, data_evento, status_rastreamento, false FROM eventos_corrigidos
)
SELECT e.*, r.id_pacote IS NOT NULL AS deve_contar
FROM eventos e
LEFT JOIN (SELECT DISTINCT r.* FROM ids, eventos_restantes(ids.todos, '-infinity', 'infinity') AS r) AS r
  ON (r.id_pacote, r.data_evento, r.status_rastreamento) = (e.id_pacote, e.data_evento, e.status_rastreamento)
WHERE e.data_evento >= (SELECT horizonte FROM retencao);

CREATE VIEW eventos_corrigidos_recentes AS
SELECT e.corrigido_em, e.id_pacote, k.transportadora, k.codigo, e.data_evento, e.status_rastreamento, e.recebido_em,
       e.detalhes->>'local' AS local, e.detalhes->>'descricao' AS descricao
FROM eventos_corrigidos e
LEFT JOIN LATERAL (SELECT transportadora, codigo FROM codigos c WHERE c.id_pacote = e.id_pacote ORDER BY 1, 2 LIMIT 1) AS k ON true
ORDER BY e.corrigido_em DESC;
COMMENT ON VIEW eventos_corrigidos_recentes IS 'Events that were taken back, the latest first.';
GRANT SELECT ON eventos_corrigidos_recentes TO grafana_reader;

REVOKE EXECUTE ON FUNCTION eventos_restantes, aplica_correcoes, tranca_pacotes, junta_correcao, troca_mensagens, troca_guardados, escreve_corrigidos FROM PUBLIC;
GRANT EXECUTE ON FUNCTION escreve_corrigidos TO rastreio_writer;

-- A package that was numbered here turns out to be the one that its sender calls "dito": whatever is stored under the given number moves there,
-- and all is as if every message had said "dito". Numbers that others have joined meanwhile are passed over. Returns false where a package can
-- be locked by no row and the caller is not alone (sozinho), as for escreve_corrigidos: the caller then rolls back.
CREATE FUNCTION junta_numeros(dados bigint[], ditos bigint[], sozinho boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  errado     record;
  nus        bigint[];
  guardados  evento[];
  correcoes_ correcao[];
BEGIN
  SELECT p.* INTO errado FROM unnest(dados, ditos) AS p (dado, dito) WHERE (p.dado < 0 AND p.dito > 0) IS NOT TRUE LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'only a number that was given here can be joined to one that a sender said: % and % are not such', errado.dado, errado.dito USING ERRCODE = '22023';
  END IF;
  -- All is exchanged at once: two that become one would meet as reports of one event.
  SELECT p.dito INTO errado FROM unnest(ditos) AS p (dito) GROUP BY 1 HAVING count(*) > 1 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'two numbers are to be joined to % at once; join one after the other', errado.dito USING ERRCODE = '22023';
  END IF;
  PERFORM FROM codigos WHERE id_pacote = ANY (dados) ORDER BY id_pacote FOR UPDATE;
  SELECT coalesce(array_agg(j.dado), '{}'), coalesce(array_agg(j.dito), '{}') INTO dados, ditos
  FROM unnest(dados, ditos) AS j (dado, dito) WHERE EXISTS (SELECT FROM codigos c WHERE c.id_pacote = j.dado);
  IF dados = '{}' THEN RETURN true; END IF;
  nus := tranca_pacotes(dados || ditos);
  IF nus <> '{}' AND NOT sozinho THEN
    -- Mostly nothing is known of the number that is said. A row of it is what others wait for.
    PERFORM copia_pacotes(array_agg(j.dado), array_agg(j.dito)) FROM unnest(dados, ditos) AS j (dado, dito) WHERE j.dito = ANY (nus);
    IF tranca_pacotes(nus) <> '{}' THEN RETURN false; END IF;
  END IF;
  SELECT j.dado, j.dito INTO errado FROM unnest(dados, ditos) AS j (dado, dito)
  WHERE EXISTS (SELECT FROM pacotes p, retencao r WHERE p.id_pacote = j.dado AND p.data_inicio < r.horizonte)
    OR EXISTS (SELECT FROM eventos_anteriores a WHERE a.id_pacote = j.dado)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the tracking number % has events from before the horizon of db:retain, which cannot move to id_pacote % any more; send it without id_pacote',
      (SELECT min(transportadora || '/' || codigo) FROM codigos WHERE id_pacote = errado.dado), errado.dito USING ERRCODE = '22023';
  END IF;

  SELECT array_agg(ROW(u.id_pacote, u.data_evento, u.status_rastreamento, u.recebido_em, u.detalhes)::evento) INTO guardados
  FROM (
    -- An event of a package that was numbered here names its carrier, so it has details.
    SELECT e.id_pacote, e.data_evento, e.status_rastreamento, e.recebido_em, e.detalhes
    FROM pacotes p JOIN eventos_rastreamento e
      ON e.id_pacote = p.id_pacote AND e.data_evento BETWEEN p.data_inicio AND greatest(p.data_status, p.outra_data)
    WHERE p.id_pacote = ANY (dados)
    UNION ALL
    SELECT id_pacote, data_evento, status_rastreamento, recebido_em, detalhes FROM eventos_corrigidos WHERE id_pacote = ANY (dados)
  ) AS u;

  SELECT array_agg(ROW(c.id_pacote, c.data_evento, c.status_rastreamento, c.alvo, c.recebido_em, c.detalhes)::correcao) INTO correcoes_ FROM correcoes c WHERE c.id_pacote = ANY (dados);
  PERFORM troca_guardados(
    guardados,
    (SELECT array_agg(ROW(j.dito, g.data_evento, g.status_rastreamento, g.recebido_em, g.detalhes)::evento)
     FROM unnest(guardados) AS g JOIN unnest(dados, ditos) AS j (dado, dito) ON j.dado = g.id_pacote),
    correcoes_,
    (SELECT array_agg(ROW(j.dito, c.data_evento, c.status_rastreamento, c.alvo, c.recebido_em, c.detalhes)::correcao)
     FROM unnest(correcoes_) AS c JOIN unnest(dados, ditos) AS j (dado, dito) ON j.dado = c.id_pacote));
  UPDATE codigos c SET id_pacote = j.dito FROM unnest(dados, ditos) AS j (dado, dito) WHERE c.id_pacote = j.dado;
  UPDATE versao_do_esquema SET juncoes = juncoes + cardinality(dados);
  INSERT INTO numeros_juntados (id_dado, id_pacote) SELECT j.dado, j.dito FROM unnest(dados, ditos) AS j (dado, dito)
  -- A sequence that was set back gave the number twice.
  ON CONFLICT (id_dado) DO UPDATE SET id_pacote = excluded.id_pacote, juntado_em = DEFAULT, transacao = DEFAULT;
  RETURN true;
END
$$;
COMMENT ON FUNCTION junta_numeros(bigint[], bigint[], boolean) IS
  'Called before a batch, in a transaction of its own, when events say the numbers of tracking numbers that had none. Each number that is said comes once.';
REVOKE EXECUTE ON FUNCTION junta_numeros FROM PUBLIC;
GRANT EXECUTE ON FUNCTION junta_numeros TO rastreio_writer;
