-- Of a package that was quiet since before the horizon, pacotes alone knows the last event: it is kept when a later one replaces it.
CREATE FUNCTION guarda_anteriores() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  h timestamptz := (SELECT horizonte FROM retencao);
BEGIN
  -- A repair (db:rebuild) replaces what never was an event.
  IF h > '-infinity' AND current_setting('rastreio.conserta', true) IS DISTINCT FROM 'sim' THEN
    INSERT INTO eventos_anteriores (id_pacote, data_evento, status_rastreamento)
    SELECT a.id_pacote, a.data_status, a.status_atual
    FROM antes a JOIN depois d USING (id_pacote)
    WHERE a.data_status < h AND d.data_status > a.data_status
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$;

REVOKE EXECUTE ON FUNCTION guarda_anteriores FROM PUBLIC;

CREATE TRIGGER guarda_anteriores AFTER UPDATE ON pacotes
  REFERENCING OLD TABLE AS antes NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION guarda_anteriores();
