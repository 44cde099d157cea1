import fc from 'fast-check';
import { Client } from 'pg';
import { freshDatabase, SERVERS, type TestDatabase } from '../../../test/support/servers';
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
  fc.double({ min: 0, max: 1, noNaN: true }),
);

test('the buckets begin where the recurrence of the migration says, and are at most 4 % wide', () => {
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

describe.each(SERVERS)('on $name', (server) => {
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

  test('what stands for a bucket is within 2 % of everything in it', async () => {
    const seconds = (await column(
      'SELECT segundos_do_balde(b) FROM generate_series(0, $1::int) AS b ORDER BY b',
      STARTS.length,
    )) as number[];
    expect(seconds[0]).toBe(0);
    expect(seconds[STARTS.length]).toBeCloseTo(TEN_YEARS / 1e6, 6);
    STARTS.slice(0, -1).forEach((start, i) => {
      for (const micros of [start, (STARTS[i + 1] as number) - 1])
        expect(Math.abs((seconds[i + 1] as number) * 1e6 - micros)).toBeLessThan(0.02 * micros);
    });
  });

  test('a percentile is within 2 % of percentile_cont, or 25 ms for durations as short as that', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistogram, anyFraction, async (durations, p) => {
        const { rows } = await client.query<{ is: number; should: number }>(
          `WITH d AS (SELECT us * interval '1 microsecond' AS d FROM unnest($1::bigint[]) AS us),
                b AS (SELECT balde(d) AS balde, count(*) AS n FROM d GROUP BY 1)
           SELECT (SELECT percentil($2, array_agg(balde ORDER BY balde), array_agg(n ORDER BY balde)) FROM b) AS is,
                  (SELECT percentile_cont($2) WITHIN GROUP (ORDER BY extract(epoch FROM d)::float8) FROM d) AS should`,
          [durations, p],
        );
        const { is, should } = rows[0] as { is: number; should: number };
        expect(Math.abs(is - should)).toBeLessThanOrEqual(0.02 * should + 0.025);
      }),
      { numRuns: 150 },
    );
  });

  test('percentiles of nothing, of one, at the ends and with what was taken back', async () => {
    const percentile = async (p: number | null, buckets: number[] | null, counts: number[] | null) =>
      (await column('SELECT percentil($1, $2::smallint[], $3::bigint[])', p, buckets, counts))[0];
    const value = async (bucket: number) =>
      (await column('SELECT segundos_do_balde($1)', bucket))[0] as number;
    const [three, nine] = [await value(3), await value(9)];
    expect(await percentile(0.5, [], [])).toBeNull();
    expect(await percentile(0.5, [3, 9], [0, 0])).toBeNull();
    expect(await percentile(0.5, null, null)).toBeNull();
    expect(await percentile(null, [3], [1])).toBeNull();
    for (const p of [0, 0.5, 1]) expect(await percentile(p, [3], [1])).toBe(three);
    expect(await percentile(0, [3, 9], [5, 1])).toBe(three);
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
