import type { Client } from 'pg';
import type { ComparedTable } from './compareTables';
import {
  CORRECTED,
  DERIVED_TABLES,
  PARCELS,
  PLACES,
  REPAIR_CORRECTED,
  REPAIR_PARCEL,
  REPAIR_PLACES,
  VERIFIED_TABLES,
  WRONG_PARCELS,
} from './derivedTables';
import { LOCKS } from '../connect/locks';
import { alone } from '../connect/alone';
import { compareTables, inSnapshot, verifyTables, type Progress } from './verifyTables';
import { withClient } from '../connect/provision';
import { despiteWriters, inTransaction } from '../connect/transaction';

const FETCHED = 1_000;

export interface RebuildOptions extends Progress {
  /** Names out of {@link VERIFIED_TABLES}; default all. */
  readonly tables?: readonly string[] | undefined;
  /** Only tells what would be changed. */
  readonly dryRun?: boolean | undefined;
  /** Called when all corrections are written and none of those of the sums is committed: where fault tests end the process. */
  readonly beforeCommit?: () => void;
}

export interface Rebuilt {
  /** Events that were put where corrections say that they belong (with `dryRun`: would be). */
  readonly events: number;
  /** Parcels whose row was set to what its events say (with `dryRun`: would be). */
  readonly parcels: number;
  /** Spellings and promises of lanes that were put right (with `dryRun`: would be). */
  readonly places: number;
  /** What was missing and was added, by table. */
  readonly corrected: readonly ComparedTable[];
  /** What a comparison afterwards found; null with `dryRun`. */
  readonly left: readonly ComparedTable[] | null;
}

/**
 * Corrects `pacotes` and the derived tables while writers go on.
 *
 * First the events that are taken back and count, or the reverse, while no batch is written; then each wrong parcel, in a transaction of its own that locks its row; the triggers keep the sums true. Then the dictionary of
 * places, and what is judged by it. Then one snapshot, in
 * which definition minus table is computed for each table of sums and added: since writers only ever add to both sides alike, it
 * does not matter what they commit meanwhile. All of it is committed at once. Parcels without events and events without a
 * parcel are left as they are: what is missing cannot be known.
 *
 * @param databaseUrl as rastreio_owner
 * @throws OperatorError when another one runs; else the database's error
 */
export async function rebuildTables(databaseUrl: string, options: RebuildOptions = {}): Promise<Rebuilt> {
  const { tables = VERIFIED_TABLES, dryRun = false, beforeCommit, onTable } = options;
  const sums = DERIVED_TABLES.map(({ name }) => name).filter((name) => tables.includes(name));
  return withClient(databaseUrl, (client) =>
    alone(client, async () => {
      const found = await inSnapshot(client, 'READ ONLY', () =>
        compareTables(
          client,
          dryRun
            ? tables
            : tables.filter((name) => name === CORRECTED || name === PARCELS || name === PLACES),
          { onTable },
        ),
      );
      const countOf = (wanted: string) =>
        found
          .flatMap(({ kinds }) => kinds)
          .reduce((sum, { kind, count }) => (kind === wanted ? sum + count : sum), 0);
      const [events, wrong, places] = [countOf('misplaced'), countOf('state'), countOf('places')];
      if (dryRun) return { events, parcels: wrong, places, corrected: found, left: null };
      if (events > 0) await repairCorrected(client);
      const parcels =
        wrong === 0 ? 0 : await withClient(databaseUrl, (reader) => repairParcels(reader, client));
      // What was taken back and repaired may have places that the dictionary lacks.
      if (tables.includes(PLACES) && events + parcels + places > 0) await repairPlaces(client);
      const corrected = await inSnapshot(client, 'READ WRITE', async () => {
        const added = await compareTables(client, sums, { onTable }, { add: true });
        beforeCommit?.();
        return added;
      });
      return { events, parcels, places, corrected, left: await verifyTables(client, tables, { onTable }) };
    }),
  );
}

async function repairPlaces(client: Client): Promise<void> {
  await despiteWriters(() =>
    inTransaction(client, 'BEGIN ISOLATION LEVEL READ COMMITTED', () => client.query(REPAIR_PLACES)),
  );
}

async function repairCorrected(client: Client): Promise<void> {
  await inTransaction(client, 'BEGIN', async () => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.corrections]);
    await client.query(REPAIR_CORRECTED);
  });
}

/** Repairs one by one what the reader's snapshot finds wrong; what a writer has put right meanwhile is left alone. */
async function repairParcels(reader: Client, repairer: Client): Promise<number> {
  return inSnapshot(reader, 'READ ONLY', async () => {
    await reader.query(
      `DECLARE errados NO SCROLL CURSOR FOR
       SELECT id_pacote FROM (${WRONG_PARCELS}) AS w WHERE esperado IS NOT NULL AND encontrado IS NOT NULL`,
    );
    let repaired = 0;
    for (;;) {
      const { rows } = await reader.query<{ id_pacote: string }>(`FETCH ${FETCHED} FROM errados`);
      if (rows.length === 0) return repaired;
      for (const { id_pacote } of rows)
        repaired += await despiteWriters(() => repairParcel(repairer, id_pacote));
    }
  });
}

async function repairParcel(client: Client, id: string): Promise<number> {
  return inTransaction(client, 'BEGIN', async () => {
    // What the repair replaces never was an event, see guarda_anteriores in sql/functions.
    await client.query(`SELECT set_config('rastreio.conserta', 'sim', true)`);
    // First the lock, then a statement that sees all that the holder of the lock before has committed.
    await client.query('SELECT FROM public.pacotes WHERE id_pacote = $1 FOR UPDATE', [id]);
    const { rows } = await client.query<{ repaired: number | null }>(REPAIR_PARCEL, [id]);
    return rows[0]?.repaired ?? 0;
  });
}
