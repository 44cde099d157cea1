-- Places (docs/decisions/0027): which spellings are one place, and which lanes are one lane.

-- Folding. What is left of two spellings that differ only in how they are written is the same text.
CREATE FUNCTION dobra_lugar(texto text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  ufs  CONSTANT text := 'AC|AL|AM|AP|BA|CE|DF|ES|GO|MA|MG|MS|MT|PA|PB|PE|PI|PR|RJ|RN|RO|RR|RS|SC|SE|SP|TO';
  t    text := texto;
  dito text[];
BEGIN
  -- An accent that stands alone is meant as a quote. Then accents, and what nobody sees; quotes and dashes of all kinds; letters that are no
  -- letter with an accent.
  t := regexp_replace(normalize(replace(t, U&'\00B4', ''''), NFKD), U&'[\0300-\036F\00AD\200B-\200F\2060\FEFF]', '', 'g');
  t := translate(t, U&'`\2019\2018\02BC\2032\2010\2011\2012\2013\2014\2212', '''''''''''------');
  t := translate(t, U&'\0131\00F8\00D8\0142\0141\0111\0110\00F0\00D0', 'IOOLLDDDD');
  t := regexp_replace(regexp_replace(t, U&'[\00DF\1E9E]', 'SS', 'g'), U&'[\00FE\00DE]', 'TH', 'g');
  t := regexp_replace(regexp_replace(t, U&'[\00E6\00C6]', 'AE', 'g'), U&'[\0153\0152]', 'OE', 'g');
  t := upper(btrim(regexp_replace(t, U&'[[:space:]\0085\1680\2028\2029]+', ' ', 'g')));
  IF t !~ '[[:alnum:]]' THEN RETURN coalesce(nullif(t, ''), texto) || '/'; END IF;
  -- The country that says nothing, then the region: a state of Brazil in any of the usual forms, another short code behind a slash.
  t := coalesce(substring(t FROM '^(.*[[:alnum:])]) ?(?:[/,]| -) ?(?:BR|BRA|BRASIL|BRAZIL)$'), t);
  dito := coalesce(
    regexp_match(t, '^(.*[[:alnum:].'')]) ?[/,-] ?(' || ufs || ')$'),
    regexp_match(t, '^(.*[[:alnum:].'')]) ?\((' || ufs || ')\)$'),
    regexp_match(t, '^(.*[[:alnum:].'')]) ?/ ?([A-Z]{2,3})$'),
    ARRAY[t, '']);
  RETURN dito[1] || '/' || dito[2];
END
$$;
COMMENT ON FUNCTION dobra_lugar(text) IS
  'A spelling of a place folded, as name/region: without case, accents and double spaces; the region is what stands behind the name as "/SP", ", SP", "-SP" or "(SP)", empty where nothing does.';

CREATE FUNCTION lugar_dito(chave_ text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  atual   text := chave_;
  proximo text;
BEGIN
  LOOP
    SELECT l.como INTO proximo FROM lugares_ditos l WHERE l.chave = atual;
    IF NOT FOUND THEN RETURN atual; END IF;
    atual := proximo;
  END LOOP;
END
$$;
COMMENT ON FUNCTION lugar_dito(text) IS 'What a folded name/region stands for, by what people said.';

CREATE FUNCTION guarda_lugares_ditos() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF lugar_dito(NEW.como) = NEW.chave THEN
    RAISE EXCEPTION 'lugares_ditos: % stands for % already, so the reverse cannot be said as well; take that back first', NEW.como, NEW.chave
      USING ERRCODE = '22023';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER guarda BEFORE INSERT OR UPDATE ON lugares_ditos FOR EACH ROW EXECUTE FUNCTION guarda_lugares_ditos();

-- The plain definition of the dictionary: what each spelling names follows from all spellings and from what people said, in whatever order
-- they came. A name without a region is of the one region that others of the name have; where they have several it is a place of its own.
CREATE VIEW conferencia.grafias AS
SELECT grafia, dita, nome, nome || '/' || r.regiao AS chave, nullif(r.regiao, '') AS regiao
FROM (
  SELECT p.*, min(nullif(sua, '')) OVER w AS primeira, max(nullif(sua, '')) OVER w AS ultima
  FROM (
    SELECT d.grafia, d.dita, regexp_replace(d.dita, '/[^/]*$', '') AS nome, substring(d.dita FROM '[^/]*$') AS sua
    FROM (SELECT g.grafia, lugar_dito(dobra_lugar(g.grafia)) AS dita FROM grafias g OFFSET 0) AS d
  ) AS p
  WINDOW w AS (PARTITION BY nome)
) AS n CROSS JOIN LATERAL (SELECT CASE WHEN sua = '' AND primeira = ultima THEN primeira ELSE sua END AS regiao) AS r;

-- The promise of each pair of spellings. A place that nobody said has none of its own.
CREATE VIEW conferencia.prazos_julgados AS
SELECT o.grafia AS origem, d.grafia AS destino, min(z.prazo) AS prazo
FROM prazos z
JOIN grafias zo ON zo.grafia = z.origem AND zo.id_lugar <> 0
JOIN grafias zd ON zd.grafia = z.destino AND zd.id_lugar <> 0
JOIN grafias o ON o.id_lugar = zo.id_lugar
JOIN grafias d ON d.id_lugar = zd.id_lugar
WHERE z.origem <> '*'
GROUP BY 1, 2
UNION ALL
SELECT origem, destino, prazo FROM prazos WHERE origem = '*';

-- Brings what the spellings of some names (null: of all) name in line with the definition. Called with 762007 held.
CREATE FUNCTION arruma_grafias(nomes text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF nomes IS NULL THEN
    UPDATE grafias g SET (dita, nome) = (c.dita, c.nome) FROM conferencia.grafias c WHERE c.grafia = g.grafia AND (c.dita, c.nome) <> (g.dita, g.nome);
  END IF;
  WITH certas AS MATERIALIZED (
    -- As conferencia.grafias, from what is folded already.
    SELECT grafia, antes, lugar, nome || '/' || r.regiao AS chave, nullif(r.regiao, '') AS regiao
    FROM (
      SELECT p.*, min(nullif(sua, '')) OVER w AS primeira, max(nullif(sua, '')) OVER w AS ultima
      FROM (SELECT g.grafia, g.nome, g.chave AS antes, g.lugar, substring(g.dita FROM '[^/]*$') AS sua FROM grafias g WHERE nomes IS NULL OR g.nome = ANY (nomes)) AS p
      WINDOW w AS (PARTITION BY nome)
    ) AS n CROSS JOIN LATERAL (SELECT CASE WHEN sua = '' AND primeira = ultima THEN primeira ELSE sua END AS regiao) AS r
  ),
  lugares AS MATERIALIZED (
    SELECT c.chave,
           coalesce((SELECT min(g.id_lugar) FROM grafias g WHERE g.chave = c.chave), nextval('numeros_dos_lugares')::integer) AS id_lugar,
           -- The one that is shown goes on to be while it is of the place.
           coalesce(min(c.lugar) FILTER (WHERE c.grafia = c.lugar AND c.antes = c.chave), min(c.grafia COLLATE "C")) AS lugar
    FROM certas c GROUP BY c.chave
  )
  UPDATE grafias g SET (chave, id_lugar, lugar, regiao) = (c.chave, l.id_lugar, l.lugar, c.regiao)
  FROM certas c JOIN lugares l USING (chave)
  WHERE g.grafia = c.grafia AND (g.chave, g.id_lugar, g.lugar, g.regiao) IS DISTINCT FROM (c.chave, l.id_lugar, l.lugar, c.regiao);
END
$$;

-- Of a place's spellings the one of most packages is shown. It reads an index of all packages where a place has several spellings, so it is
-- not done for each batch.
CREATE FUNCTION escolhe_grafias() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  mudadas integer;
BEGIN
  PERFORM pg_advisory_xact_lock(762007);
  IF NOT EXISTS (SELECT FROM grafias WHERE id_lugar <> 0 GROUP BY id_lugar HAVING count(*) > 1) THEN RETURN 0; END IF;
  WITH pares AS MATERIALIZED (SELECT origem, destino, count(*) AS n FROM pacotes GROUP BY 1, 2),
  contadas AS (
    SELECT u.grafia, sum(u.n) AS n FROM (SELECT origem AS grafia, n FROM pares UNION ALL SELECT destino, n FROM pares) AS u GROUP BY 1
  ),
  mais AS (
    SELECT DISTINCT ON (g.id_lugar) g.id_lugar, g.grafia
    FROM grafias g LEFT JOIN contadas c USING (grafia)
    WHERE g.id_lugar <> 0
    ORDER BY g.id_lugar, coalesce(c.n, 0) DESC, g.grafia COLLATE "C"
  )
  UPDATE grafias g SET lugar = m.grafia FROM mais m WHERE m.id_lugar = g.id_lugar AND g.lugar <> m.grafia;
  GET DIAGNOSTICS mudadas = ROW_COUNT;
  RETURN mudadas;
END
$$;
COMMENT ON FUNCTION escolhe_grafias() IS 'Counts which spelling of each place is of most packages, shows that one from then on, and tells of how many spellings the shown one changed.';

-- Spellings that are new get their place; which these are.
CREATE FUNCTION insere_grafias(textos text[]) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  novas text[] := ARRAY(SELECT DISTINCT t COLLATE "C" FROM unnest(textos) AS t WHERE t <> '' AND NOT EXISTS (SELECT FROM grafias g WHERE g.grafia = t));
  nomes text[];
BEGIN
  IF cardinality(novas) = 0 THEN RETURN novas; END IF;
  PERFORM pg_advisory_xact_lock(762007);
  -- After the wait: what another batch has committed meanwhile is not new.
  WITH dobradas AS (SELECT n, lugar_dito(dobra_lugar(n)) AS dita FROM unnest(novas) AS n),
  dentro AS (
    INSERT INTO grafias (grafia, dita, nome, chave, id_lugar, lugar)
    SELECT n, dita, regexp_replace(dita, '/[^/]*$', ''), '', -1, n FROM dobradas
    ON CONFLICT DO NOTHING RETURNING grafia, nome
  )
  SELECT coalesce(array_agg(grafia), '{}'), array_agg(DISTINCT nome) INTO novas, nomes FROM dentro;
  IF nomes IS NOT NULL THEN PERFORM arruma_grafias(nomes); END IF;
  RETURN novas;
END
$$;

-- Within the caller's transaction. A batch does it before it locks any package, so that whoever waits for 762007 holds nothing that its holder
-- waits for. No package with a new spelling has been judged yet.
CREATE FUNCTION anota_grafias(textos text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  novas CONSTANT text[] := insere_grafias(textos);
BEGIN
  IF cardinality(novas) > 0 THEN PERFORM julga_de_novo(novas); END IF;
END
$$;
COMMENT ON FUNCTION anota_grafias(text[]) IS 'Adds the spellings that the dictionary of places does not have.';

-- Whoever writes packages, the spellings of their lanes are known. The writer has told them before.
CREATE FUNCTION anota_rotas() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM novas) THEN RETURN NULL; END IF;
  PERFORM anota_grafias(ARRAY(SELECT origem FROM novas UNION SELECT destino FROM novas));
  RETURN NULL;
END
$$;
CREATE TRIGGER anota AFTER INSERT ON rotas REFERENCING NEW TABLE AS novas FOR EACH STATEMENT EXECUTE FUNCTION anota_rotas();

-- All that is written anywhere, one look into an index for each lane.
CREATE VIEW conferencia.lugares_escritos AS
WITH RECURSIVE r AS (
  SELECT ''::text AS origem, ''::text AS destino
  UNION ALL
  SELECT p.origem, p.destino
  FROM r CROSS JOIN LATERAL (
    SELECT p.origem, p.destino FROM pacotes p
    WHERE (p.origem COLLATE "C", p.destino COLLATE "C") > (r.origem, r.destino)
    ORDER BY p.origem COLLATE "C", p.destino COLLATE "C" LIMIT 1
  ) AS p
)
SELECT origem AS grafia FROM r WHERE origem <> '' UNION SELECT destino FROM r WHERE destino <> ''
UNION SELECT origem FROM rotas UNION SELECT destino FROM rotas
UNION SELECT origem FROM prazos WHERE origem <> '*' UNION SELECT destino FROM prazos WHERE destino <> '*'
UNION SELECT origem FROM limites_por_rota UNION SELECT destino FROM limites_por_rota;

-- After a change of what people said or of how names are folded, and where something is wrong.
CREATE FUNCTION refaz_grafias() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(762007);
  PERFORM insere_grafias(ARRAY(SELECT e.grafia FROM conferencia.lugares_escritos e));
  PERFORM arruma_grafias(NULL);
  PERFORM escolhe_grafias();
  PERFORM julga_de_novo('{}');
END
$$;
COMMENT ON FUNCTION refaz_grafias() IS 'Makes the dictionary of places what its definition says, with all that is written anywhere, and judges by it.';

REVOKE EXECUTE ON FUNCTION anota_rotas, arruma_grafias, insere_grafias, anota_grafias, escolhe_grafias, refaz_grafias, guarda_lugares_ditos FROM PUBLIC;
GRANT EXECUTE ON FUNCTION anota_grafias TO rastreio_writer;

-- For readers.

CREATE FUNCTION grafias_de(lugares text[]) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN coalesce(cardinality(lugares), 0) = 0 THEN '{}' ELSE ARRAY(
    SELECT g.grafia FROM grafias g WHERE g.id_lugar IN (SELECT l.id_lugar FROM grafias l WHERE l.grafia = ANY (lugares))
    UNION SELECT u FROM unnest(lugares) AS u) END
$$;
COMMENT ON FUNCTION grafias_de(text[]) IS 'All spellings of some places, each named by any of them; an empty list stays empty.';

-- One number for two (Szudzik, "An Elegant Pairing Function"), small for small ones. Not one in each half: PostgreSQL's hash of a bigint is that of
-- one half XOR the other, so that thousands of lanes would have a hundred hashes.
CREATE FUNCTION chave_da_rota(de integer, para integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN de < para THEN para::bigint * para + de ELSE de::bigint * de + de + para END;

CREATE FUNCTION por_regiao(nivel text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF nivel IN ('cidade', 'região') THEN RETURN nivel = 'região'; END IF;
  RAISE EXCEPTION 'nivel: % is no level of places; use cidade or região', coalesce(quote_literal(nivel), 'null') USING ERRCODE = '22023';
END
$$;

-- Lanes between places, or between regions. A place whose region nobody knows stands for itself.
CREATE FUNCTION rotas_do_nivel(nivel text)
RETURNS TABLE (id_rota integer, chave bigint, origem text, destino text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH l AS MATERIALIZED (
    SELECT grafia, id_lugar AS id, lugar AS nome FROM grafias WHERE id_lugar <> 0 AND NOT (SELECT por_regiao(nivel))
    UNION ALL
    SELECT grafia, min(id_lugar) OVER (PARTITION BY coalesce(regiao, lugar)), coalesce(regiao, lugar)
    FROM grafias WHERE id_lugar <> 0 AND (SELECT por_regiao(nivel))
  )
  SELECT t.id_rota, chave_da_rota(o.id, d.id), o.nome, d.nome
  FROM rotas t JOIN l o ON o.grafia = t.origem JOIN l d ON d.grafia = t.destino
$$;
COMMENT ON FUNCTION rotas_do_nivel(text) IS
  'Which lane each pair of spellings is of, at the level cidade or região (a place without a known region stands for itself there). Pairs with a place that nobody said are of none.';

CREATE VIEW rotas_dos_lugares AS
SELECT t.id_rota, o.id_lugar AS id_origem, d.id_lugar AS id_destino, chave_da_rota(o.id_lugar, d.id_lugar) AS chave, o.lugar AS origem, d.lugar AS destino
FROM rotas t JOIN grafias o ON o.grafia = t.origem JOIN grafias d ON d.grafia = t.destino;
COMMENT ON VIEW rotas_dos_lugares IS 'Which lane between places each pair of spellings is of; id 0 is a place that nobody said.';

CREATE VIEW limites_dos_lugares AS
SELECT l.nome, chave_da_rota(o.id_lugar, d.id_lugar) AS chave, min(l.valor) AS valor
FROM limites_por_rota l JOIN grafias o ON o.grafia = l.origem JOIN grafias d ON d.grafia = l.destino
GROUP BY 1, 2;
COMMENT ON VIEW limites_dos_lugares IS 'Limits of single lanes, whichever spelling they are for; of several the least.';

CREATE FUNCTION limite_da_rota(qual text, de text, para text) RETURNS float8
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(
  (SELECT l.valor FROM limites_dos_lugares l JOIN grafias o ON o.grafia = de JOIN grafias d ON d.grafia = para
   WHERE l.nome = qual AND l.chave = chave_da_rota(o.id_lugar, d.id_lugar)),
  limite(qual));
COMMENT ON FUNCTION limite_da_rota(text, text, text) IS 'The limit of this name for a lane, in any spelling: its own where it has one, else the default.';

CREATE VIEW lugares_conhecidos AS
SELECT lugar, regiao, array_agg(grafia ORDER BY grafia COLLATE "C") AS grafias
FROM grafias WHERE id_lugar <> 0 GROUP BY id_lugar, lugar, regiao;
COMMENT ON VIEW lugares_conhecidos IS 'Places: the spelling that is shown, the region where it is known, and all spellings.';

GRANT SELECT ON rotas_dos_lugares, limites_dos_lugares, lugares_conhecidos TO grafana_reader;
