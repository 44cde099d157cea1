-- Limits: a figure is compared with a number or not at all, so a missing row is an error, never a null that reads as "in order".

CREATE FUNCTION limite(qual text) RETURNS float8
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  v float8;
BEGIN
  SELECT valor INTO v FROM limites WHERE nome = qual;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the table limites has no row "%"; insert it as sql/migrations does', qual USING ERRCODE = 'no_data_found';
  END IF;
  RETURN v;
END
$$;
COMMENT ON FUNCTION limite(text) IS 'The limit of this name; an error where there is none. Over many rows write (SELECT limite(...)), which is computed once, not for each.';

CREATE FUNCTION guarda_limites() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.nome = OLD.nome THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'limites: rows can neither be removed nor renamed%, since rules and screens ask for each; change its valor',
    CASE WHEN TG_OP = 'TRUNCATE' THEN '' ELSE ' (' || OLD.nome || ')' END USING ERRCODE = 'restrict_violation';
END
$$;

-- SECURITY DEFINER: who may change a limit need not be able to change what is said about it.
CREATE FUNCTION anota_limites() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'limites' THEN
    IF NEW.valor IS DISTINCT FROM OLD.valor THEN
      INSERT INTO mudancas_de_limites (nome, antes, depois) VALUES (NEW.nome, OLD.valor, NEW.valor);
    END IF;
    RETURN NULL;
  END IF;
  -- A lane's row may change its lane: that is one limit less and one more.
  IF TG_OP = 'UPDATE' AND (NEW.nome, NEW.origem, NEW.destino) = (OLD.nome, OLD.origem, OLD.destino) THEN
    IF NEW.valor IS DISTINCT FROM OLD.valor THEN
      INSERT INTO mudancas_de_limites (nome, origem, destino, antes, depois) VALUES (NEW.nome, NEW.origem, NEW.destino, OLD.valor, NEW.valor);
    END IF;
    RETURN NULL;
  END IF;
  IF TG_OP IN ('UPDATE', 'DELETE') THEN
    INSERT INTO mudancas_de_limites (nome, origem, destino, antes) VALUES (OLD.nome, OLD.origem, OLD.destino, OLD.valor);
  END IF;
  IF TG_OP IN ('UPDATE', 'INSERT') THEN
    PERFORM anota_grafias(ARRAY[NEW.origem, NEW.destino]);
    INSERT INTO mudancas_de_limites (nome, origem, destino, depois) VALUES (NEW.nome, NEW.origem, NEW.destino, NEW.valor);
  END IF;
  RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION guarda_limites, anota_limites FROM PUBLIC;

CREATE TRIGGER guarda BEFORE UPDATE OR DELETE ON limites FOR EACH ROW EXECUTE FUNCTION guarda_limites();
CREATE TRIGGER guarda_tudo BEFORE TRUNCATE ON limites FOR EACH STATEMENT EXECUTE FUNCTION guarda_limites();
CREATE TRIGGER anota AFTER UPDATE ON limites FOR EACH ROW EXECUTE FUNCTION anota_limites();
CREATE TRIGGER anota AFTER INSERT OR UPDATE OR DELETE ON limites_por_rota FOR EACH ROW EXECUTE FUNCTION anota_limites();

CREATE VIEW limites_mudados AS
SELECT m.quando, m.quem, m.nome, CASE WHEN m.origem IS NOT NULL THEN m.origem || ' → ' || m.destino END AS rota, m.antes, m.depois, l.unidade
FROM mudancas_de_limites m LEFT JOIN limites l USING (nome);
COMMENT ON VIEW limites_mudados IS 'Who changed which limit, when, from what to what; without a lane the default. Null before or after: a lane''s own limit was made or removed.';

CREATE VIEW limites_em_vigor AS
SELECT l.nome, NULL::text AS rota, l.valor, l.unidade, l.descricao FROM limites l
UNION ALL
SELECT l.nome, r.origem || ' → ' || r.destino, r.valor, l.unidade, l.descricao FROM limites l JOIN limites_por_rota r USING (nome);
COMMENT ON VIEW limites_em_vigor IS 'All limits: the defaults (rota is null) and those of single lanes.';

GRANT SELECT ON limites_mudados, limites_em_vigor TO grafana_reader;
