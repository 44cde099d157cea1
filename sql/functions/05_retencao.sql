-- Of a package that was quiet since before the horizon, pacotes alone knows the last event, and the last known one: they are kept when a
-- later one comes.
CREATE FUNCTION guarda_anteriores() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  h timestamptz := (SELECT horizonte FROM retencao);
BEGIN
  -- A repair (db:rebuild) replaces what never was an event.
  IF h > '-infinity' AND current_setting('rastreio.conserta', true) IS DISTINCT FROM 'sim' THEN
    INSERT INTO eventos_anteriores (id_pacote, data_evento, status_rastreamento)
    SELECT a.id_pacote, m.data, m.status
    FROM antes a JOIN depois d USING (id_pacote)
    CROSS JOIN LATERAL (VALUES (a.data_status, a.status_atual), (a.outra_data, a.outro_status)) AS m (data, status)
    WHERE greatest(a.data_status, a.outra_data) < h AND greatest(d.data_status, d.outra_data) > greatest(a.data_status, a.outra_data)
      AND m.data IS NOT NULL
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$;

REVOKE EXECUTE ON FUNCTION guarda_anteriores FROM PUBLIC;

CREATE TRIGGER guarda_anteriores AFTER UPDATE ON pacotes
  REFERENCING OLD TABLE AS antes NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION guarda_anteriores();
