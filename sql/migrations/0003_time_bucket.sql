-- Up Migration

-- Grafana's $__timeGroup becomes time_bucket() for a data source marked as TimescaleDB. On plain PostgreSQL these
-- stand in for it (fixed-width intervals, TimescaleDB's own origin), so that every panel works unchanged.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
    CREATE FUNCTION time_bucket(bucket_width interval, ts timestamptz) RETURNS timestamptz
      LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
      AS 'SELECT date_bin(bucket_width, ts, timestamptz ''2000-01-03 00:00:00+00'')';
    CREATE FUNCTION time_bucket(bucket_width interval, ts timestamp) RETURNS timestamp
      LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
      AS 'SELECT date_bin(bucket_width, ts, timestamp ''2000-01-03 00:00:00'')';
  END IF;
END
$$;
