-- The newest events of a range.

-- No index has events in the order of their instants. The summary of the hours knows how many each hour has, of chosen statuses too, so that as
-- many hours are read, back from the newest, as have enough events; of an hour with very many only its end. Where places are chosen, how many
-- of the events are theirs is only estimated: each time four times as many are read, or, where that is less, the places' packages one by one.
CREATE FUNCTION ultimos_eventos(de timestamptz, ate timestamptz, origens text[], destinos text[], situacoes text[], limite integer)
RETURNS TABLE (data_evento timestamptz, id_pacote text, status_rastreamento text, origem text, destino text)
-- Workers would read far beyond what is enough.
LANGUAGE plpgsql STABLE SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
  -- More packages are not even counted; so many single hours are read one by one; a look into the index of a chunk takes as long as reading
  -- so many events.
  muitos_pacotes CONSTANT integer := 20000;
  poucas_horas   CONSTANT integer := 100;
  por_consulta   CONSTANT integer := 25;
  lugares  CONSTANT boolean := coalesce(cardinality(origens), 0) > 0 OR coalesce(cardinality(destinos), 0) > 0;
  recebido CONSTANT timestamptz := (SELECT u.recebido_ate FROM ultimo_recebimento u);
  mostra   CONSTANT text := $mostra$
    SELECT e.data_evento, e.id_pacote::text, e.status_rastreamento,
           coalesce((SELECT g.lugar FROM grafias g WHERE g.grafia = p.origem), p.origem),
           coalesce((SELECT g.lugar FROM grafias g WHERE g.grafia = p.destino), p.destino)$mostra$;
  escolhe  CONSTANT text := $escolhe$ WHERE e.data_evento >= $1 AND e.data_evento < $2 AND escolhida(e.status_rastreamento, $5)$escolhe$;
  ordena   CONSTANT text := $ordena$
    ORDER BY e.data_evento DESC, e.id_pacote, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC LIMIT $6$ordena$;
  das_situacoes CONSTANT text := ' LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento';
  dos_lugares CONSTANT text := mostra || ' FROM %s AS e JOIN pacotes p ON p.id_pacote = e.id_pacote' || das_situacoes || escolhe
    || ' AND escolhida(p.origem, $3) AND escolhida(p.destino, $4)' || ordena;
  de_todos CONSTANT text := mostra || ' FROM (SELECT e.* FROM %s AS e' || das_situacoes || escolhe || ordena
    || ') AS e JOIN pacotes p ON p.id_pacote = e.id_pacote' || das_situacoes || ordena;
  seguida text;
  avulsa  text;
  pacotes_dos_lugares bigint;
  tempo   numeric;
  partes  bigint;
  lidos   numeric;
  passadas refcursor;
  h       record;
  ultima  boolean;
  horas   timestamptz[] := '{}';
  eventos float8 := 0;
  alvo    float8 := coalesce(greatest(limite, 1)::float8, 'infinity');
  resto   integer := limite;
  topo    timestamptz := ate + interval '1 microsecond';
  base    timestamptz;
  largura interval;
  achados bigint;
BEGIN
  IF limite = 0 THEN RETURN; END IF;
  origens := grafias_de(origens);
  destinos := grafias_de(destinos);
  de := greatest(de, (SELECT removidos_ate FROM retencao));
  IF lugares THEN
    SELECT count(*) INTO pacotes_dos_lugares
    FROM (SELECT FROM pacotes p WHERE escolhida(p.origem, origens) AND escolhida(p.destino, destinos) LIMIT muitos_pacotes + 1) AS n;
    IF pacotes_dos_lugares = 0 THEN RETURN; END IF;
    -- How much of all time the range is, and the chunks that it touches, as if all were of one length.
    SELECT greatest(0, extract(epoch FROM least(ate, x.ultima) - greatest(de, x.primeira)))
             / greatest(1, extract(epoch FROM x.ultima - x.primeira)) INTO tempo
    FROM (SELECT min(hora) AS primeira, max(hora) AS ultima FROM resumo_historico) AS x;
    SELECT 1 + ceil(count(*) * tempo) INTO partes FROM pg_inherits WHERE inhparent = 'eventos_rastreamento'::regclass;
    SELECT least(r.todos, limite * r.todos / greatest(1, r.escolhidos * pacotes_dos_lugares / t.pacotes)) INTO lidos
    FROM (SELECT sum(x.eventos) AS todos, sum(x.eventos) FILTER (WHERE escolhida(x.status, situacoes)) AS escolhidos
          FROM resumo_historico x WHERE x.hora >= inicio_da_hora(de) AND x.hora <= ate) AS r,
      (SELECT greatest(1, sum(s.total_pacotes)) AS pacotes FROM status_dos_pacotes s) AS t
    WHERE r.escolhidos > 0;
    -- Of this many events as many as are wanted are expected to be theirs; with a margin, since to look once more costs more. Of places that
    -- have too many packages to be counted the newest events come soon.
    alvo := alvo * CASE WHEN pacotes_dos_lugares > muitos_pacotes THEN 4
                        ELSE greatest(1, 1.5 * (SELECT sum(s.total_pacotes) FROM status_dos_pacotes s) / pacotes_dos_lugares)::float8 END;
    -- Every package of the places is read, and of those of the range the events. OFFSET 0: package by package, or the planner would rather
    -- read all events at once.
    IF pacotes_dos_lugares <= muitos_pacotes AND pacotes_dos_lugares * (1 + tempo * partes * por_consulta) < lidos THEN
      RETURN QUERY EXECUTE mostra || $fonte$ FROM (
        SELECT * FROM pacotes q WHERE escolhida(q.origem, $3) AND escolhida(q.destino, $4) AND q.data_inicio < $2 AND greatest(q.data_status, q.outra_data) >= $1
      ) AS p CROSS JOIN LATERAL (
        SELECT * FROM eventos_rastreamento x WHERE x.id_pacote = p.id_pacote AND x.data_evento >= $1 AND x.data_evento < $2 OFFSET 0
      ) AS e$fonte$ || das_situacoes || escolhe || ordena USING de, topo, origens, destinos, situacoes, limite;
      RETURN;
    END IF;
  END IF;
  -- With places packages decide which events count; else the newest events come first, then their packages.
  seguida := format(CASE WHEN lugares THEN dos_lugares ELSE de_todos END, 'eventos_rastreamento');
  avulsa := format(CASE WHEN lugares THEN dos_lugares ELSE de_todos END, $fonte$(
    SELECT x.* FROM unnest($7) AS u (hora) CROSS JOIN LATERAL (
      SELECT * FROM eventos_rastreamento y
      WHERE y.data_evento >= u.hora AND y.data_evento < u.hora + interval '1 hour' AND y.data_evento >= $1 AND y.data_evento < $2 OFFSET 0
    ) AS x
  )$fonte$);

  -- EXECUTE plans with the values known; a cursor that only its beginning is likely to be read.
  OPEN passadas NO SCROLL FOR EXECUTE $horas$
    SELECT x.hora, sum(x.eventos)::float8 AS eventos FROM resumo_historico x
    WHERE x.hora >= inicio_da_hora($1) AND x.hora <= $2 AND (coalesce(cardinality($3), 0) = 0 OR x.status = ANY ($3))
    GROUP BY x.hora HAVING sum(x.eventos) > 0 ORDER BY x.hora DESC
  $horas$ USING de, ate, situacoes;
  <<leitura>>
  LOOP
    FETCH passadas INTO h;
    ultima := NOT FOUND;
    IF NOT ultima AND cardinality(horas) = 0 AND h.eventos > 4 * alvo THEN
      -- Nothing that is looked for lies between it and what was read before.
      topo := least(topo, h.hora + interval '1 hour');
      -- As if they lay evenly in it, and four times as much each time. What carriers' clocks put ahead of all that was received is in the first part.
      base := least(topo, recebido);
      largura := interval '1 hour' * (2 * alvo / h.eventos);
      WHILE topo > greatest(h.hora, de) LOOP
        base := greatest(h.hora, de, base - largura);
        RETURN QUERY EXECUTE seguida USING base, topo, origens, destinos, situacoes, resto;
        GET DIAGNOSTICS achados = ROW_COUNT;
        resto := resto - achados;
        EXIT leitura WHEN resto <= 0;
        topo := base;
        largura := largura * 4;
      END LOOP;
      CONTINUE;
    END IF;
    IF NOT ultima THEN
      horas := horas || h.hora;
      eventos := eventos + h.eventos;
      CONTINUE WHEN eventos < alvo;
    END IF;
    EXIT WHEN cardinality(horas) = 0;
    base := greatest(horas[cardinality(horas)], de);
    -- Hours that lie apart are looked up one by one.
    RETURN QUERY EXECUTE CASE WHEN cardinality(horas) <= poucas_horas AND topo > base + 2 * cardinality(horas) * interval '1 hour' THEN avulsa ELSE seguida END
      USING base, topo, origens, destinos, situacoes, resto, horas;
    GET DIAGNOSTICS achados = ROW_COUNT;
    resto := resto - achados;
    EXIT WHEN resto <= 0 OR ultima;
    topo := base;
    horas := '{}';
    eventos := 0;
    alvo := alvo * 4;
  END LOOP;
  CLOSE passadas;
END
$$;
COMMENT ON FUNCTION ultimos_eventos(timestamptz, timestamptz, text[], text[], text[], integer) IS
  'The newest events of the range, of some origins, destinations and statuses; empty lists are no restriction.';
