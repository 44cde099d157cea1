import fc from 'fast-check';
import { Client } from 'pg';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { BUCKET_STARTS, bucketOf } from './buckets';

const STARTS = [...BUCKET_STARTS];
const TEN_YEARS = STARTS.at(-1) as number;
/** Durations of every magnitude, in whole microseconds. */
const anyDuration = fc
  .double({ min: 0, max: 1, noNaN: true })
  .map((x) => Math.round((TEN_YEARS + 1) ** x) - 1);
const anyHistogram = fc.array(anyDuration, { minLength: 1, maxLength: 60 });
const anyFraction = fc.oneof(
  fc.constantFrom(0, 0.5, 0.9, 0.95, 0.99, 1),
  fc.integer({ min: 0, max: 1e6 }).map((millionths) => millionths / 1e6),
);

test('the buckets begin where the recurrence of SQL says, and are at most 4 % wide', () => {
  expect(STARTS.slice(0, 3)).toEqual([25_000, 26_000, 27_000]);
  STARTS.slice(1).forEach((start, i) => {
    const before = STARTS[i] as number;
    expect(start - before).toBeGreaterThanOrEqual(1000);
    expect(start / before).toBeLessThanOrEqual(1.04);
  });
  expect(TEN_YEARS).toBeGreaterThanOrEqual(3650 * 86_400 * 1e6);
  // The keys of passages.ts have room for so many.
  expect(STARTS.length).toBeLessThan(1024);
});

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    database = await freshDatabase(server);
    client = new Client({ connectionString: database.readerUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });
  const column = async (sql: string, ...values: unknown[]): Promise<unknown[]> =>
    (await client.query<[unknown]>({ text: sql, values, rowMode: 'array' })).rows.map(([value]) => value);

  const sqlBuckets = (durations: readonly number[]) =>
    column(
      `SELECT balde((timestamptz 'epoch' + us * interval '1 microsecond') - timestamptz 'epoch')
       FROM unnest($1::bigint[]) WITH ORDINALITY AS u (us, k) ORDER BY k`,
      durations,
    );

  test('a duration is in the same bucket here and in SQL: around every boundary, and anywhere', async () => {
    const around = STARTS.flatMap((start) => [start - 1, start, start + 1]);
    const ends = [-1, 0, -86_400_000_000, 2 * TEN_YEARS];
    expect(await sqlBuckets([...around, ...ends])).toEqual([...around, ...ends].map(bucketOf));
    await fc.assert(
      fc.asyncProperty(fc.array(anyDuration, { minLength: 500, maxLength: 500 }), async (durations) => {
        expect(await sqlBuckets(durations)).toEqual(durations.map(bucketOf));
      }),
      { numRuns: 10 },
    );
  });

  /** The percentiles that SQL gives for durations by their buckets, beside PostgreSQL's own of the durations themselves, in seconds. */
  const bothWays = async (durations: readonly number[], fractions: readonly number[]) =>
    (
      await client.query<{ is: number; should: number }>(
        `WITH d AS (SELECT us * interval '1 microsecond' AS d FROM unnest($1::bigint[]) AS us),
              b AS (SELECT balde(d) AS balde, count(*) AS n FROM d GROUP BY 1)
         SELECT (SELECT percentil(p, array_agg(balde ORDER BY balde), array_agg(n ORDER BY balde)) FROM b) AS is,
                (SELECT percentile_cont(p) WITHIN GROUP (ORDER BY extract(epoch FROM d)::float8) FROM d) AS should
         FROM unnest($2::float8[]) WITH ORDINALITY AS f (p, k) ORDER BY k`,
        [durations, fractions],
      )
    ).rows;

  test('a percentile is within 4 % of percentile_cont, or 25 ms for durations as short as that', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistogram, anyFraction, async (durations, p) => {
        for (const { is, should } of await bothWays(durations, [p]))
          expect(Math.abs(is - should)).toBeLessThanOrEqual(0.04 * should + 0.025);
      }),
      { numRuns: 150 },
    );
  });

  test('of many durations, as deliveries take them, percentiles err by less than half a percent', async () => {
    const durations = Array.from({ length: 20_000 }, (_, i) =>
      Math.round(3 * 86_400e6 * Math.exp(0.6 * normal(i + 1))),
    );
    for (const { is, should } of await bothWays(durations, [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]))
      expect(Math.abs(is - should) / should).toBeLessThan(0.005);
  });

  test('a percentile is the one of values that lie evenly in their buckets', async () => {
    const anyCounts = fc.uniqueArray(
      fc.tuple(fc.integer({ min: 0, max: STARTS.length }), fc.integer({ min: 0, max: 9 })),
      {
        minLength: 1,
        maxLength: 20,
        selector: ([bucket]) => bucket,
      },
    );
    await fc.assert(
      fc.asyncProperty(anyCounts, anyFraction, async (counts, p) => {
        const sorted = counts.sort(([a], [b]) => a - b);
        const columns = [sorted.map(([bucket]) => bucket), sorted.map(([, count]) => count)];
        const [is] = await column('SELECT percentil($1, $2::smallint[], $3::bigint[])', p, ...columns);
        const should = interpolate(
          p,
          sorted.flatMap(([bucket, count]) => evenly(bucket, count)),
        );
        if (should === null) expect(is).toBeNull();
        else expect(Math.abs((is as number) - should)).toBeLessThanOrEqual(1e-12 * should);
      }),
      { numRuns: 150 },
    );
  });

  test('percentiles of nothing, of one, at the ends and with what was taken back', async () => {
    const percentile = async (p: number | null, buckets: number[] | null, counts: number[] | null) =>
      (await column('SELECT percentil($1, $2::smallint[], $3::bigint[])', p, buckets, counts))[0];
    const [three = NaN, nine = NaN] = [3, 9].flatMap((bucket) => evenly(bucket, 1));
    expect(await percentile(0.5, [], [])).toBeNull();
    expect(await percentile(0.5, [3, 9], [0, 0])).toBeNull();
    expect(await percentile(0.5, null, null)).toBeNull();
    expect(await percentile(null, [3], [1])).toBeNull();
    for (const p of [0, 0.5, 1]) expect(await percentile(p, [3], [1])).toBe(three);
    expect(await percentile(0, [3, 9], [5, 1])).toBeCloseTo(evenly(3, 5)[0] ?? NaN, 12);
    expect(await percentile(1, [3, 9], [5, 1])).toBe(nine);
    expect(await percentile(0.5, [3, 9], [1, 1])).toBeCloseTo((three + nine) / 2, 12);
    // Slices that take back what others added leave a bucket with nothing, wherever it stands.
    expect(await percentile(1, [3, 9], [1, 2 - 2])).toBe(three);
    expect(await percentile(0, [3, 9], [2 - 2, 1])).toBe(nine);
    expect(await percentile(0, [0, 9], [1, 1])).toBe(0);
    for (const p of [-0.1, 1.1, NaN])
      await expect(percentile(p, [3], [1])).rejects.toMatchObject({
        code: '22023',
        message: expect.stringContaining('from 0 to 1') as string,
      });
  });
});

/** Seconds of so many values that lie evenly in a bucket. Bucket 0 is 0 s, and the last one has no end. */
function evenly(bucket: number, count: number): number[] {
  const [start = 0, end = start] = bucket === 0 ? [] : STARTS.slice(bucket - 1, bucket + 1);
  return Array.from({ length: count }, (_, i) => (start + ((end - start) * (i + 0.5)) / count) / 1e6);
}

/** percentile_cont of values in ascending order; null of none. */
function interpolate(p: number, values: readonly number[]): number | null {
  const position = p * (values.length - 1);
  const [below, above] = [values[Math.floor(position)], values[Math.ceil(position)]];
  return below === undefined || above === undefined ? null : below + (position % 1) * (above - below);
}

/** The i-th of a sequence that is distributed as the standard normal distribution. */
function normal(i: number): number {
  const [u, v] = [(i * Math.SQRT2) % 1, (i * Math.sqrt(3)) % 1];
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}
