import { findTableDifferences, inDatabase, migrate, withClient } from '@rastreio/database';
import { OperatorError } from '@rastreio/runtime';
import type { Client } from 'pg';
import { alignedTable, rounded, type Figures } from '../support';
import { measureAggregate } from './aggregate';
import { fill } from './fill';
import { measureLateBatches, measureReads } from './measure';
import { layOut, LAYOUTS, sizeOf } from './variants';

export interface TimescaleOptions {
  readonly adminUrl: string;
  readonly packages: number;
  /** Events in a late batch. */
  readonly batch: number;
}

const DATABASE = 'bench_timescale';
const ROLES = ['rastreio_writer', 'grafana_reader'];

/**
 * Measures what columnar chunks and continuous aggregates of the community edition gain and cost, in a database of its own on a
 * given server, and checks that late events into columnar chunks are neither lost nor counted wrongly.
 *
 * @throws OperatorError (exit code 2) when the server has not the community licence; Error when a check fails
 */
export async function benchTimescale({
  adminUrl,
  packages,
  batch,
}: TimescaleOptions): Promise<Record<string, unknown>> {
  const version = await withClient(adminUrl, prepareServer);
  const databaseUrl = inDatabase(adminUrl, DATABASE);
  try {
    return await withClient(databaseUrl, async (client) => {
      await client.query('CREATE EXTENSION timescaledb');
      await migrate({ databaseUrl, log: { info: () => undefined, warn: say } });
      // Only the benchmark decides when chunks are rewritten.
      await client.query(`SELECT remove_compression_policy('eventos_rastreamento')`);
      say(`making ${packages} packages with 8 events each`);
      await fill(client, databaseUrl, packages);
      const layouts: Record<string, Figures> = {};
      for (const [turn, layout] of LAYOUTS.entries()) {
        say(`layout ${turn + 1}/${LAYOUTS.length}: ${layout.name}`);
        await layOut(client, layout);
        const sizes = { mib: await sizeOf(client) };
        const reads = await measureReads(client, packages);
        layouts[layout.name] = {
          ...sizes,
          ...reads,
          ...(await measureLateBatches(client, turn, packages, batch)),
        };
      }
      say('continuous aggregate');
      const aggregate = await measureAggregate(client, LAYOUTS.length, packages, batch);
      say('comparing all derived tables with the events');
      const differences = await findTableDifferences(client);
      if (differences.length > 0)
        throw new Error(
          `late batches left ${differences.length} differences: ${JSON.stringify(differences[0])}`,
        );
      process.stderr.write(tableOf(layouts, aggregate));
      return {
        // May hold a password.
        adminUrl: undefined,
        timescaledb: version,
        layouts: Object.fromEntries(Object.entries(layouts).map(([name, f]) => [name, rounded(f)])),
        aggregate: rounded(aggregate),
        differences: 0,
      };
    });
  } finally {
    await withClient(adminUrl, (client) => client.query(`DROP DATABASE ${DATABASE} WITH (FORCE)`));
  }
}

/** Makes the database, and the roles that the migrations name where the server has not got them; passwords are left alone. */
async function prepareServer(client: Client): Promise<string> {
  const { rows } = await client.query<{ version: string | null; license: string | null }>(
    `SELECT (SELECT default_version FROM pg_available_extensions WHERE name = 'timescaledb') AS version,
            current_setting('timescaledb.license', true) AS license`,
  );
  const { version = null, license = null } = rows[0] ?? {};
  if (version === null || license !== 'timescale')
    throw new OperatorError(
      `This server has ${version === null ? 'no TimescaleDB' : `the licence ${license ?? 'unknown'}`}; ` +
        'columnar chunks need the community edition (timescaledb.license = timescale). Give another --admin-url.',
      2,
    );
  await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${DATABASE} ENCODING 'UTF8' TEMPLATE template0`);
  for (const role of ROLES) {
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
    if (rowCount === 0) await client.query(`CREATE ROLE ${role}`);
  }
  return version;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function tableOf(layouts: Readonly<Record<string, Figures>>, aggregate: Figures): string {
  const cell = (value: number | undefined) =>
    value === undefined ? '-' : String(Number(value.toPrecision(3)));
  const columns = Object.keys(Object.values(layouts)[0] ?? {});
  const rows = Object.entries(layouts).map(([name, f]) => [name, ...columns.map((c) => cell(f[c]))]);
  const flows = Object.entries(aggregate).map(([name, value]) => [name, cell(value)]);
  return `\n${alignedTable([['layout', ...columns], ...rows])}\n\n${alignedTable(flows)}\n`;
}
