-- Up Migration

-- Percentiles of any set of durations come from counts in logarithmic buckets, which can be added and subtracted: so they are kept
-- like every other figure and need no scan. The idea and its proof: Masson, Rim and Lee, "DDSketch", VLDB 2019.
--
-- Bucket 0 is everything below 25 ms; bucket i begins at t(i), with t(1) = 25 ms and t(i+1) = t(i) + max(1, floor(t(i) * 4 / 100)) ms,
-- up to ten years. A bucket is at most 1.04 times as wide as its beginning, so its harmonic middle 2ab / (a + b) is within
-- (1.04 - 1) / (1.04 + 1) = 1.97 % of everything in it. Whole numbers only: packages/database/src/buckets.ts must give the same.
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

CREATE FUNCTION segundos_do_balde(balde integer) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN balde <= 0 THEN 0
  WHEN balde >= cardinality(limites_dos_baldes()) THEN (limites_dos_baldes())[cardinality(limites_dos_baldes())] / 1e6
  ELSE 2.0 / (1e6 / (limites_dos_baldes())[balde] + 1e6 / (limites_dos_baldes())[balde + 1])
END;
COMMENT ON FUNCTION segundos_do_balde(integer) IS 'Seconds that stand for a bucket, within 2 % of everything in it.';

-- The definition is percentile_cont's: the value at position p * (n - 1), interpolated between its neighbours.
CREATE FUNCTION percentil(p float8, baldes smallint[], totais bigint[]) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  n        bigint := 0;
  total    bigint;
  posicao  float8;
  abaixo   bigint;
  contado  bigint := 0;
  i        integer := 0;
  primeiro float8;
BEGIN
  IF p < 0 OR p > 1 THEN
    RAISE EXCEPTION 'percentil: p is %, and must be from 0 to 1, for example 0.95', p USING ERRCODE = '22023';
  END IF;
  -- Loops, since a query here would cost more than all the rest: this runs for every lane.
  FOREACH total IN ARRAY totais LOOP n := n + total; END LOOP;
  IF n <= 0 THEN RETURN NULL; END IF;
  posicao := p * (n - 1);
  abaixo := floor(posicao);
  FOREACH total IN ARRAY totais LOOP
    i := i + 1;
    contado := contado + total;
    CONTINUE WHEN contado <= abaixo;
    IF primeiro IS NULL THEN primeiro := segundos_do_balde(baldes[i]); END IF;
    IF contado > abaixo + 1 OR contado = n THEN
      RETURN primeiro + (posicao - abaixo) * (segundos_do_balde(baldes[i]) - primeiro);
    END IF;
  END LOOP;
  RETURN primeiro;
END
$$;
COMMENT ON FUNCTION percentil(float8, smallint[], bigint[]) IS
  'The p-quantile (0..1) in seconds of counts per bucket, buckets in ascending order; within 2 % of percentile_cont. Null when empty.';
