-- Up Migration

-- Old chunks of events become columnar where the server's edition has that: 'timescale' is the community licence. Nothing on plain
-- PostgreSQL and on the Apache edition. What it gains and costs, and why this order: docs/decisions/0009.
-- No segmentby: a package has some eight events, and a segment of eight rows compresses to nothing.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') AND current_setting('timescaledb.license', true) = 'timescale' THEN
    ALTER TABLE eventos_rastreamento SET (
      timescaledb.compress,
      timescaledb.compress_segmentby = '',
      timescaledb.compress_orderby = 'id_pacote, data_evento, status_rastreamento');
    PERFORM add_compression_policy(
      'eventos_rastreamento',
      compress_after => coalesce(nullif(current_setting('rastreio.compress_after', true), ''), '14 days')::interval);
  END IF;
END
$$;
