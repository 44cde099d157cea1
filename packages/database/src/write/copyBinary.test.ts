// Shows G3 of docs/guarantees.md.
import { finished } from 'node:stream/promises';
import { isStorable } from '@rastreio/contract';
import fc from 'fast-check';
import { from as copyFrom } from 'pg-copy-streams';
import { SERVERS } from '@rastreio/testing/servers';
import { CopyRows } from './copyBinary';
import { withClient } from '../connect/provision';

interface Row {
  readonly id: number;
  readonly rank: number;
  readonly text: string;
  readonly at: string;
  readonly end: string | null;
  readonly note: string | null;
  readonly level: number | null;
  readonly ms: number;
}

const YEAR_10000 = Date.UTC(10_000, 0, 1);
const epochMs = fc.integer({ min: Date.UTC(2000, 0, 1), max: YEAR_10000 - 1 });
const instant = fc
  .tuple(epochMs, fc.nat({ max: 999 }))
  .map(([ms, micros]) => `${new Date(ms).toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}Z`);
const anyRow: fc.Arbitrary<Row> = fc.record({
  id: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, 1, -1, 2 ** 31, 2 ** 32, -(2 ** 32))),
  rank: fc.integer({ min: -32_768, max: 32_767 }),
  text: fc.string({ unit: 'binary', maxLength: 300 }).filter(isStorable),
  at: instant,
  end: fc.option(instant),
  note: fc.option(fc.string({ maxLength: 20 }).filter(isStorable)),
  level: fc.option(fc.integer({ min: -32_768, max: 32_767 })),
  ms: epochMs,
});

test('what is written in binary is what the server reads, for any rows', async () => {
  const server = SERVERS[0];
  if (server === undefined) throw new Error('no database was started');
  await withClient(server.adminUrl, async (client) => {
    await client.query(`SET TIME ZONE 'America/Sao_Paulo';
      CREATE TEMPORARY TABLE t (n serial, id bigint, rank smallint, text text, at timestamptz, "end" timestamptz, note text, level smallint, ms timestamptz)`);
    const utc = (column: string) =>
      `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${column}`;
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 60 }), async (rows) => {
        // A guess that is too small makes it grow.
        const copy = new CopyRows(8, 0);
        for (const row of rows) {
          copy.row();
          copy.bigint(row.id);
          copy.smallint(row.rank);
          copy.text(row.text);
          copy.instant(row.at);
          copy.instantOrNull(row.end);
          copy.textOrNull(row.note);
          copy.smallintOrNull(row.level);
          copy.epochMs(row.ms);
        }
        await client.query('TRUNCATE t');
        const stream = client.query(
          copyFrom('COPY t (id, rank, text, at, "end", note, level, ms) FROM STDIN (FORMAT binary)'),
        );
        stream.end(copy.end());
        await finished(stream);
        const read = await client.query<Row>(
          `SELECT id::float8, rank, text, ${utc('at')}, ${utc('"end"')}, note, level, (extract(epoch FROM ms) * 1000)::float8 AS ms FROM t ORDER BY n`,
        );
        expect(read.rows).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  });
});
