import { findTableDifferences, inDatabase, migrate, withClient } from '@rastreio/database';
import { EXIT, OperatorError } from '@rastreio/runtime';
import type { Client } from 'pg';
import { alignedTable, rounded, type Figures } from '../support';
import { measureAggregate } from './aggregate';
import { measureChunks } from './chunks';
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
 * Measures what columnar chunks, continuous aggregates and the length of chunks gain and cost, in a database of its own on a
 * given server, and checks that late events into columnar chunks are neither lost nor counted wrongly.
 *
 * @throws OperatorError (exit code 2) when the server has not the community licence; Error when a check fails
 */
export async function benchTimescale({
  adminUrl,
  packages,
  batch,
}: TimescaleOptions): Promise<Record<string, unknown>> {
  await withClient(adminUrl, prepareServer);
  const databaseUrl = inDatabase(adminUrl, DATABASE);
  try {
    return await withClient(databaseUrl, async (client) => {
      const version = await requireCommunityEdition(client);
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
      const chunks = await measureChunks(client, LAYOUTS.length + 2, packages, batch);
      say('comparing all derived tables with the events');
      const differences = await findTableDifferences(client);
      if (differences.length > 0)
        throw new Error(
          `late batches left ${differences.length} differences: ${JSON.stringify(differences[0])}`,
        );
      process.stderr.write(
        `${tableOf('layout', layouts)}${tableOf('chunks of', chunks)}${listOf(aggregate)}`,
      );
      return {
        // May hold a password.
        adminUrl: undefined,
        timescaledb: version,
        layouts: allRounded(layouts),
        chunks: allRounded(chunks),
        aggregate: rounded(aggregate),
        differences: 0,
      };
    });
  } finally {
    await withClient(adminUrl, (client) => client.query(`DROP DATABASE ${DATABASE} WITH (FORCE)`));
  }
}

/** Makes the database, and the roles that the migrations name where the server has not got them; passwords are left alone. */
async function prepareServer(client: Client): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${DATABASE} ENCODING 'UTF8' TEMPLATE template0`);
  for (const role of ROLES) {
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
    if (rowCount === 0) await client.query(`CREATE ROLE ${role}`);
  }
}

/** Installs the extension, which alone knows its licence, and returns its version. */
async function requireCommunityEdition(client: Client): Promise<string> {
  const { rows: available } = await client.query<{ version: string }>(
    `SELECT default_version AS version FROM pg_available_extensions WHERE name = 'timescaledb'`,
  );
  const [extension] = available;
  if (extension === undefined) throw unfit('no TimescaleDB');
  await client.query('CREATE EXTENSION timescaledb');
  const { rows } = await client.query<{ license: string | null }>(
    `SELECT current_setting('timescaledb.license', true) AS license`,
  );
  const license = rows[0]?.license ?? 'unknown';
  if (license !== 'timescale') throw unfit(`TimescaleDB with the licence ${license}`);
  return extension.version;
}

function unfit(found: string): OperatorError {
  return new OperatorError(
    `This server has ${found}; columnar chunks need the community edition (timescaledb.license = timescale). Give another --admin-url.`,
    EXIT.usage,
  );
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

type FiguresByName = Readonly<Record<string, Figures>>;

function allRounded(figures: FiguresByName): FiguresByName {
  return Object.fromEntries(Object.entries(figures).map(([name, f]) => [name, rounded(f)]));
}

function cell(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '-' : String(Number(value.toPrecision(3)));
}

function tableOf(title: string, figures: FiguresByName): string {
  const columns = Object.keys(Object.values(figures)[0] ?? {});
  const rows = Object.entries(figures).map(([name, f]) => [name, ...columns.map((c) => cell(f[c]))]);
  return `\n${alignedTable([[title, ...columns], ...rows])}\n`;
}

function listOf(figures: Figures): string {
  return `\n${alignedTable(Object.entries(figures).map(([name, value]) => [name, cell(value)]))}\n`;
}
