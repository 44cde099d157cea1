-- Events that are stored are exchanged for others, so that all is as if only those that are left had ever come. What takes events back rests
-- on it (docs/decisions/0024).

-- What two reports of one event say, in the order of neither: where they say different things, the first text, and of the places what two
-- events at one instant would say. par_origem and par_destino are only there where the two places are not of one report. Of the promises
-- the one that was said first and the one that was said last (prazo_em, left out where it is the event's instant), of two said at
-- once the sooner as the first and the later as the last; the last is only there where it is another than the first.
CREATE FUNCTION junta_detalhes(a jsonb, b jsonb, instante timestamptz) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  o     CONSTANT dito := least(
    CASE WHEN a ? 'origem' THEN ROW('-infinity', a->>'origem', coalesce(a->>'par_origem', a->>'destino', ''))::dito END,
    CASE WHEN b ? 'origem' THEN ROW('-infinity', b->>'origem', coalesce(b->>'par_origem', b->>'destino', ''))::dito END);
  d     CONSTANT dito := least(
    CASE WHEN a ? 'destino' THEN ROW('-infinity', coalesce(a->>'par_destino', a->>'origem', ''), a->>'destino')::dito END,
    CASE WHEN b ? 'destino' THEN ROW('-infinity', coalesce(b->>'par_destino', b->>'origem', ''), b->>'destino')::dito END);
  -- All instants are written alike, so that their texts have their order.
  no_evento CONSTANT text := to_char(instante AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  primeiro_a CONSTANT text := coalesce(a->>'prazo_em', no_evento) || ' ' || (a->>'prazo');
  primeiro_b CONSTANT text := coalesce(b->>'prazo_em', no_evento) || ' ' || (b->>'prazo');
  primeiro CONSTANT text := least(primeiro_a COLLATE "C", primeiro_b);
  ultimo   CONSTANT text := nullif(greatest(
    coalesce(coalesce(a->>'prazo_final_em', no_evento) || ' ' || (a->>'prazo_final'), primeiro_a) COLLATE "C",
    coalesce(coalesce(b->>'prazo_final_em', no_evento) || ' ' || (b->>'prazo_final'), primeiro_b)), primeiro);
  texto jsonb;
BEGIN
  IF a = b THEN RETURN a; END IF;
  SELECT jsonb_object_agg(c, least((a->>c) COLLATE "C", b->>c)) INTO texto
  FROM unnest(ARRAY['transportadora', 'codigo', 'servico', 'local', 'codigo_evento', 'descricao', 'palavra']) AS c;
  RETURN jsonb_strip_nulls(texto || jsonb_build_object(
    'origem', o.origem,
    'destino', d.destino,
    'par_origem', CASE WHEN o.destino <> coalesce(d.destino, '') THEN o.destino END,
    'par_destino', CASE WHEN d.origem <> coalesce(o.origem, '') THEN d.origem END,
    'prazo', split_part(primeiro, ' ', 2),
    'prazo_em', nullif(split_part(primeiro, ' ', 1), no_evento),
    'prazo_final', split_part(ultimo, ' ', 2),
    'prazo_final_em', nullif(split_part(ultimo, ' ', 1), no_evento)));
END
$$;

-- What may give a report another status some day: carrier, code and word (apelidos_status). Reports of a known status without a code go by no
-- word, and need not be told apart.
CREATE FUNCTION nome_do_relato(relato jsonb, conhecido boolean) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN conhecido AND NOT relato ?| ARRAY['codigo_evento', 'palavra'] THEN '[]'::jsonb
  ELSE jsonb_build_array(relato->'transportadora', relato->'codigo_evento', relato->'palavra') END;

-- The reports that an event is made of, each with what it says and when it came.
CREATE FUNCTION relatos_de(detalhes jsonb, recebido timestamptz) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN detalhes ? 'relatos' THEN detalhes->'relatos'
  ELSE jsonb_build_array(detalhes || jsonb_build_object('recebido_em', to_char(recebido AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))) END;

-- What two reports of one event, each of which may be made of several, say together. Where their words differ each is kept beside it
-- (relatos), so that every word may get a meaning and lose it again. The first one's time of receipt stays.
CREATE FUNCTION junta_relato(situacao text, instante timestamptz, a jsonb, a_em timestamptz, b jsonb, b_em timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  conhecido boolean;
  todos     jsonb;
  junto     jsonb;
  r         jsonb;
BEGIN
  IF a = b THEN RETURN a; END IF;
  conhecido := EXISTS (SELECT FROM catalogo_status WHERE status = situacao);
  IF NOT (a ? 'relatos' OR b ? 'relatos') AND nome_do_relato(a, conhecido) = nome_do_relato(b, conhecido) THEN
    RETURN junta_detalhes(a, b, instante);
  END IF;
  SELECT jsonb_agg(u.relato ORDER BY nome_do_relato(u.relato, conhecido)) INTO todos
  FROM (
    SELECT CASE WHEN y.relato IS NULL THEN x.relato WHEN x.relato IS NULL THEN y.relato
      ELSE junta_detalhes(x.relato - 'recebido_em', y.relato - 'recebido_em', instante) || jsonb_build_object('recebido_em', x.relato->'recebido_em') END AS relato
    FROM jsonb_array_elements(relatos_de(a, a_em)) AS x (relato)
    FULL JOIN jsonb_array_elements(relatos_de(b, b_em)) AS y (relato) ON nome_do_relato(x.relato, conhecido) = nome_do_relato(y.relato, conhecido)
  ) AS u;
  FOR r IN SELECT relato - ARRAY['recebido_em', 'palavra'] FROM jsonb_array_elements(todos) AS t (relato) LOOP
    junto := coalesce(junta_detalhes(junto, r, instante), r);
  END LOOP;
  RETURN junto || jsonb_build_object('relatos', todos);
END
$$;

-- Where old chunks are columnar (TimescaleDB's community edition), UPDATE and DELETE pass over compressed rows only by what compares a column
-- with a constant. What a join, an array or a generic plan's parameter says does not count: the whole chunk is decompressed, and past 100,000
-- rows the statement fails (53400). So what changes stored events is for one event or one package, its key written into the text of the
-- statement; it runs only where a look before found something to change; and it may decompress as much as it has to.
CREATE FUNCTION sem_limite_de_colunas() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  -- Until the end of the transaction. No SET of the functions themselves: without the extension only a superuser may create one.
  IF current_setting('timescaledb.max_tuples_decompressed_per_dml_transaction', true) <> '0' THEN
    PERFORM set_config('timescaledb.max_tuples_decompressed_per_dml_transaction', '0', true);
  END IF;
END
$$;

-- The pair of places that the events of a package without details have said so far is written down in each of them.
CREATE FUNCTION anota_par(pacote bigint, origem text, destino text, inicio timestamptz, fim timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM eventos_rastreamento e WHERE e.id_pacote = pacote AND e.data_evento BETWEEN inicio AND fim AND e.detalhes IS NULL) THEN
    PERFORM sem_limite_de_colunas();
    EXECUTE format(
      'UPDATE eventos_rastreamento SET detalhes = %L::jsonb '
      'WHERE id_pacote = %L::bigint AND data_evento BETWEEN %L::timestamptz AND %L::timestamptz AND detalhes IS NULL',
      jsonb_build_object('origem', origem, 'destino', destino), pacote, inicio, fim);
  END IF;
END
$$;

-- An event without details says the pair of pacotes. Where that is another one now, it is written down what it said.
CREATE FUNCTION anota_lugares(pacotes_ bigint[], origens text[], destinos text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM anota_par(p.id_pacote, u.origem, u.destino, p.data_inicio, greatest(p.data_status, p.outra_data))
  FROM unnest(pacotes_, origens, destinos) AS u (id_pacote, origem, destino)
  JOIN pacotes p USING (id_pacote)
  WHERE (p.origem, p.destino) <> (u.origem, u.destino);
END
$$;
COMMENT ON FUNCTION anota_lugares(bigint[], text[], text[]) IS
  'Called within a batch after its packages are merged, with the pairs that they had before.';

-- Reports of events that are stored or taken back already, which may say what the first report did not; and whether one of a stored event does.
CREATE FUNCTION junta_relatos(relatos evento[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  r     evento;
  par   jsonb;
  dito  jsonb;
  dito_em timestamptz;
  junto jsonb;
  mudou boolean := false;
BEGIN
  FOREACH r IN ARRAY coalesce(relatos, '{}') LOOP
    UPDATE eventos_corrigidos e SET detalhes = junta_relato(e.status_rastreamento, e.data_evento, e.detalhes, e.recebido_em, r.detalhes, r.recebido_em)
    WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (r.id_pacote, r.data_evento, r.status_rastreamento)
      AND junta_relato(e.status_rastreamento, e.data_evento, e.detalhes, e.recebido_em, r.detalhes, r.recebido_em) <> e.detalhes;
    par := (SELECT jsonb_build_object('origem', origem, 'destino', destino) FROM pacotes WHERE id_pacote = r.id_pacote);
    SELECT coalesce(e.detalhes, par), e.recebido_em INTO dito, dito_em FROM eventos_rastreamento e
    WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (r.id_pacote, r.data_evento, r.status_rastreamento);
    junto := junta_relato(r.status_rastreamento, r.data_evento, dito, dito_em, coalesce(r.detalhes, par), r.recebido_em);
    IF junto <> dito THEN
      PERFORM sem_limite_de_colunas();
      EXECUTE format(
        'UPDATE eventos_rastreamento SET detalhes = %L::jsonb '
        'WHERE id_pacote = %L::bigint AND data_evento = %L::timestamptz AND status_rastreamento = %L',
        junto, r.id_pacote, r.data_evento, r.status_rastreamento);
      mudou := true;
    END IF;
  END LOOP;
  RETURN mudou;
END
$$;

CREATE FUNCTION junta_relatos(pacotes_ bigint[], datas timestamptz[], situacoes text[], recebidos timestamptz[], detalhes_ jsonb[]) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT junta_relatos(array_agg(ROW(u.*)::evento))
  FROM unnest(pacotes_, datas, situacoes, recebidos, detalhes_) AS u
$$;

-- Rows of pacotes become what their events say: iguala_pacotes changes those that are there and tells how many, refaz_pacotes also makes
-- those that lack and removes those without events. All events of these packages are between the two instants, and nobody else writes to them.
-- What the rows should be tells between which instants each package's events are; a row that is wrong does not.
DO $bloco$
DECLARE
  colunas CONSTANT text := 'status_atual, data_status, ordem_status, outra_data, outra_ordem, outro_status, data_inicio, data_entrega, data_tentativa, '
    'origem, destino, data_origem, par_origem, data_destino, par_destino, '
    'transportadora, data_transportadora, prazo_inicial, data_prazo_inicial, prazo_final, data_prazo_final';
BEGIN
  EXECUTE format($modelo$
CREATE FUNCTION iguala_pacotes(certos conferencia.pacotes[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $corpo$
DECLARE
  mudados bigint;
BEGIN
  PERFORM anota_par(p.id_pacote, p.origem, p.destino, c.data_inicio, greatest(c.data_status, c.outra_data))
  FROM unnest(certos) AS c JOIN pacotes p USING (id_pacote)
  WHERE (p.origem, p.destino) <> (c.origem, c.destino);
  UPDATE pacotes p SET (%1$s) = (%2$s)
  FROM unnest(certos) AS c
  WHERE c.id_pacote = p.id_pacote AND (%2$s) IS DISTINCT FROM (%3$s);
  GET DIAGNOSTICS mudados = ROW_COUNT;
  RETURN mudados;
END
$corpo$;

-- Rows of other numbers with what these packages' rows say, where there are none yet.
CREATE FUNCTION copia_pacotes(de bigint[], para bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $corpo$
  INSERT INTO pacotes (id_pacote, %1$s)
  SELECT u.para, %3$s FROM unnest(de, para) AS u (de, para) JOIN pacotes p ON p.id_pacote = u.de ORDER BY u.para
  ON CONFLICT DO NOTHING
$corpo$;

CREATE FUNCTION refaz_pacotes(ids bigint[], inicio timestamptz, fim timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $corpo$
DECLARE
  certos CONSTANT conferencia.pacotes[] := (SELECT array_agg(c) FROM conferencia.pacotes_de(ids, inicio, fim) AS c);
BEGIN
  -- An event from before the dictionary of places may be left with a spelling that only it has.
  PERFORM anota_grafias(ARRAY(SELECT origem FROM unnest(certos) UNION SELECT destino FROM unnest(certos)));
  PERFORM iguala_pacotes(certos);
  INSERT INTO pacotes (id_pacote, %1$s)
  SELECT c.id_pacote, %2$s FROM unnest(certos) AS c
  WHERE NOT EXISTS (SELECT FROM pacotes p WHERE p.id_pacote = c.id_pacote);
  DELETE FROM pacotes WHERE id_pacote = ANY (ids) AND id_pacote NOT IN (SELECT c.id_pacote FROM unnest(certos) AS c);
END
$corpo$$modelo$,
    colunas, regexp_replace(colunas, '(\w+)', 'c.\1', 'g'), regexp_replace(colunas, '(\w+)', 'p.\1', 'g'));
END
$bloco$;

-- Takes events out and puts others in, within the caller's transaction, and gives those that were there and are out, with the places that
-- they said. Of those to be taken out only the key counts. One that is put in and is there already is a second report of it.
-- Nobody else may write to these packages at the same time: the caller holds what keeps others out, also where there is no row yet.
CREATE FUNCTION troca_eventos(saem evento[], entram evento[]) RETURNS evento[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  todos    CONSTANT evento[] := coalesce(saem, '{}') || coalesce(entram, '{}');
  horizonte_ CONSTANT timestamptz := (SELECT horizonte FROM retencao);
  velho    evento;
  sai      evento;
  ids      bigint[];
  inicio   timestamptz;
  fim      timestamptz;
  sairam   evento[];
  entraram evento[];
BEGIN
  SELECT * INTO velho FROM unnest(todos) AS u WHERE u.data_evento < horizonte_ LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the event of % of package % is from before %: what db:retain removes or has removed cannot be exchanged any more; leave it out',
      velho.data_evento, velho.id_pacote, horizonte_ USING ERRCODE = '22023';
  END IF;
  SELECT array_agg(DISTINCT u.id_pacote), min(u.data_evento), max(u.data_evento) INTO ids, inicio, fim FROM unnest(todos) AS u;
  IF ids IS NULL THEN RETURN '{}'; END IF;
  PERFORM FROM pacotes WHERE id_pacote = ANY (ids) ORDER BY id_pacote FOR UPDATE;
  SELECT least(inicio, min(data_inicio)), greatest(fim, max(data_status), max(outra_data)) INTO inicio, fim FROM pacotes WHERE id_pacote = ANY (ids);

  PERFORM sem_limite_de_colunas();
  -- Of a package that was quiet since before the horizon pacotes alone knows the last events, which those put in follow.
  INSERT INTO eventos_anteriores (id_pacote, data_evento, status_rastreamento)
  SELECT p.id_pacote, m.data, m.status
  FROM pacotes p CROSS JOIN LATERAL (VALUES (p.data_status, p.status_atual), (p.outra_data, p.outro_status)) AS m (data, status)
  WHERE p.id_pacote = ANY (ids) AND greatest(p.data_status, p.outra_data) < horizonte_ AND m.data IS NOT NULL
  ON CONFLICT DO NOTHING;

  SELECT array_agg(ROW(e.id_pacote, e.data_evento, e.status_rastreamento, e.recebido_em,
                       coalesce(e.detalhes, jsonb_build_object('origem', p.origem, 'destino', p.destino)))::evento)
  INTO sairam
  FROM (SELECT DISTINCT u.id_pacote, u.data_evento, u.status_rastreamento FROM unnest(saem) AS u) AS s
  CROSS JOIN LATERAL (
    SELECT * FROM eventos_rastreamento e
    WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (s.id_pacote, s.data_evento, s.status_rastreamento) OFFSET 0
  ) AS e
  LEFT JOIN pacotes p ON p.id_pacote = s.id_pacote;
  FOREACH sai IN ARRAY coalesce(sairam, '{}') LOOP
    EXECUTE format(
      'DELETE FROM eventos_rastreamento WHERE id_pacote = %L::bigint AND data_evento = %L::timestamptz AND status_rastreamento = %L',
      sai.id_pacote, sai.data_evento, sai.status_rastreamento);
  END LOOP;

  WITH dentro AS (
    INSERT INTO eventos_rastreamento (id_pacote, data_evento, status_rastreamento, recebido_em, detalhes)
    SELECT u.id_pacote, u.data_evento, u.status_rastreamento, u.recebido_em, u.detalhes FROM unnest(entram) AS u
    ON CONFLICT DO NOTHING
    RETURNING *
  )
  SELECT array_agg(ROW(d.id_pacote, d.data_evento, d.status_rastreamento, d.recebido_em, d.detalhes)::evento) INTO entraram FROM dentro d;
  IF cardinality(entram) > coalesce(cardinality(entraram), 0) THEN PERFORM junta_relatos(entram); END IF;

  -- Of a package with removed events pacotes alone knows what these promised: what the events that are out promised is not to pass for it.
  UPDATE pacotes p SET
    prazo_inicial      = CASE WHEN s.primeiro THEN NULL ELSE p.prazo_inicial END,
    data_prazo_inicial = CASE WHEN s.primeiro THEN NULL ELSE p.data_prazo_inicial END,
    prazo_final        = CASE WHEN s.ultimo THEN NULL ELSE p.prazo_final END,
    data_prazo_final   = CASE WHEN s.ultimo THEN NULL ELSE p.data_prazo_final END
  FROM (
    SELECT q.id_pacote,
           bool_or((d.em, d.prazo) = (q.data_prazo_inicial, q.prazo_inicial)) AS primeiro,
           bool_or((d.em, d.prazo) = (q.data_prazo_final, q.prazo_final)) AS ultimo
    FROM unnest(sairam) AS u JOIN pacotes q USING (id_pacote)
    CROSS JOIN LATERAL (VALUES
      (coalesce((u.detalhes->>'prazo_em')::timestamptz, u.data_evento), (u.detalhes->>'prazo')::timestamptz),
      (coalesce((u.detalhes->>'prazo_final_em')::timestamptz, u.data_evento), (u.detalhes->>'prazo_final')::timestamptz)
    ) AS d (em, prazo)
    WHERE q.data_inicio < horizonte_ GROUP BY 1
  ) AS s
  WHERE p.id_pacote = s.id_pacote AND (s.primeiro OR s.ultimo);

  PERFORM refaz_pacotes(ids, inicio, fim);
  PERFORM soma_trocados(sairam, entraram);
  RETURN coalesce(sairam, '{}');
END
$$;

-- The batches of the writer call the first two; the rest is the owner's.
REVOKE EXECUTE ON FUNCTION sem_limite_de_colunas, anota_par, anota_lugares, junta_relatos(bigint[], timestamptz[], text[], timestamptz[], jsonb[]), junta_relatos(evento[]),
  iguala_pacotes, copia_pacotes, refaz_pacotes, troca_eventos FROM PUBLIC;
GRANT EXECUTE ON FUNCTION anota_lugares, junta_relatos(bigint[], timestamptz[], text[], timestamptz[], jsonb[]) TO rastreio_writer;
