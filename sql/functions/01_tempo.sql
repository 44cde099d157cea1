-- Hours, days and steps of time. The local day itself (fuso, dia_local, inicio_do_dia) is a setting of the database: sql/migrations/0001.

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

-- Beginnings of hours in UTC. IMMUTABLE, as date_trunc() over timestamptz is not: a range given in literals is then computed
-- once, by the planner, and not for each row of a scan.
CREATE FUNCTION inicio_da_hora(instante timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date_trunc('hour', instante AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';

CREATE FUNCTION fim_da_hora(instante timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (date_trunc('hour', instante AT TIME ZONE 'UTC') + interval '1 hour') AT TIME ZONE 'UTC';

-- Steps of a history are whole hours, at least one: the summaries know no finer ones.
CREATE FUNCTION passo_em_horas(passo interval) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN make_interval(hours => greatest(1, ceil(extract(epoch FROM passo) / 3600)::int));

CREATE FUNCTION inicio_do_passo(dia date, passo interval) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN inicio_do_dia(date '2000-01-03'
  + (dia - date '2000-01-03') / greatest(1, ceil(extract(epoch FROM passo) / 86400)::int) * greatest(1, ceil(extract(epoch FROM passo) / 86400)::int));

-- The planner knows how many rows a number of days are, as it does not for a range whose beginning it computes only when it runs, and unlike
-- dia > dia_local(now()) - 30 it is not computed for each row where all are read.
CREATE FUNCTION ultimos_dias(dias integer) RETURNS date[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT array_agg(dia_local(now()) - d) FROM generate_series(-1, dias - 1) AS d $$;
COMMENT ON FUNCTION ultimos_dias(integer) IS
  'The last local days, today as one of them, and tomorrow: events may be a little ahead. Write = ANY ((SELECT ultimos_dias(30))::date[]), computed once.';
