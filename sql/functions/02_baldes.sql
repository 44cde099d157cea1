-- Percentiles of any set of durations come from counts in logarithmic buckets, which can be added and subtracted: so they are kept
-- like every other figure and need no scan. The idea and its proof: Masson, Rim and Lee, "DDSketch", VLDB 2019.

-- Bucket 0 is everything below 25 ms; bucket i begins at t(i), with t(1) = 25 ms and t(i+1) = t(i) + max(1, floor(t(i) * 4 / 100)) ms,
-- up to ten years. A bucket is at most 1.04 times as wide as its beginning. Whole numbers only: packages/database/src/write/buckets.ts must
-- give the same.
DO $$
BEGIN
  EXECUTE format(
    'CREATE FUNCTION limites_dos_baldes() RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN %L::bigint[]',
    (WITH RECURSIVE inicio (ms) AS (
       SELECT 25::bigint
       UNION ALL
       SELECT ms + greatest(1, ms * 4 / 100) FROM inicio WHERE ms < 315360000000
     ) SELECT array_agg(ms * 1000 ORDER BY ms) FROM inicio));
END
$$;
COMMENT ON FUNCTION limites_dos_baldes() IS 'Where buckets 1, 2, ... begin, in microseconds.';

CREATE FUNCTION balde(duracao interval) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN width_bucket((extract(epoch FROM duracao) * 1000000)::bigint, limites_dos_baldes())::smallint;
COMMENT ON FUNCTION balde(interval) IS 'The bucket of a duration; 0 below 25 ms, negative ones included.';

-- The definition is percentile_cont's: the value at position p * (n - 1), interpolated between its neighbours. A value lies within its
-- bucket as if the bucket's c values lay evenly in it, so that the one at place r (from 0) is at (r + 0.5) / c of its width. On real
-- delivery times that errs by 0.3 %, where the middle of the bucket would err by up to 1.95 %; the worst case is the bucket's whole width,
-- 4 %. Bucket 0 stays 0: nearly all of it are events at one instant.
CREATE FUNCTION percentil(p float8, baldes smallint[], totais bigint[]) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  inicios CONSTANT bigint[] := limites_dos_baldes();
  n        bigint := 0;
  total    bigint;
  posicao  float8;
  lugar    bigint;
  antes    bigint;
  contado  bigint := 0;
  i        integer := 0;
  b        integer;
  valor    float8;
  primeiro float8;
BEGIN
  IF p < 0 OR p > 1 THEN
    RAISE EXCEPTION 'percentil: p is %, and must be from 0 to 1, for example 0.95', p USING ERRCODE = '22023';
  END IF;
  -- Loops, since a query here would cost more than all the rest: this runs for every lane.
  FOREACH total IN ARRAY totais LOOP n := n + total; END LOOP;
  IF n <= 0 THEN RETURN NULL; END IF;
  posicao := p * (n - 1);
  lugar := floor(posicao);
  FOREACH total IN ARRAY totais LOOP
    i := i + 1;
    antes := contado;
    contado := contado + total;
    -- The value at the place below the position and the one at the next place may be of the same bucket or of two.
    WHILE contado > lugar LOOP
      b := baldes[i];
      valor := CASE
        WHEN b <= 0 THEN 0
        WHEN b >= cardinality(inicios) THEN inicios[cardinality(inicios)] / 1e6
        ELSE (inicios[b] + (inicios[b + 1] - inicios[b]) * ((lugar - antes + 0.5::float8) / total)) / 1e6
      END;
      IF primeiro IS NOT NULL THEN RETURN primeiro + (posicao - floor(posicao)) * (valor - primeiro); END IF;
      IF lugar = n - 1 THEN RETURN valor; END IF;
      primeiro := valor;
      lugar := lugar + 1;
    END LOOP;
  END LOOP;
  RETURN primeiro;
END
$$;
COMMENT ON FUNCTION percentil(float8, smallint[], bigint[]) IS
  'The p-quantile (0..1) in seconds of counts per bucket, buckets in ascending order; within 4 % of percentile_cont, usually 0.3 %. Null when empty.';
