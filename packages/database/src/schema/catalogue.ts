import { STATUS_CATALOGUE, UNKNOWN_STATUS_RANK, type StatusEntry } from '@rastreio/contract';
import { EXIT, OperatorError } from '@rastreio/runtime';
import type { ClientBase } from 'pg';
import { LOCKS } from '../connect/locks';
import { inTransaction } from '../connect/transaction';

/** What the database knows of a status; the rest of an entry is for screens. */
export type RankedStatus = Pick<StatusEntry, 'status' | 'rank' | 'terminal'>;

/** A status of which the table and the catalogue say different things; null: not there. */
export interface StatusChange {
  readonly status: string;
  readonly table: RankedStatus | null;
  readonly catalogue: RankedStatus | null;
}

export interface SyncOptions {
  readonly catalogue?: readonly RankedStatus[] | undefined;
  /** Takes over ranks and finality that figures rely on, which are wrong until db:rebuild has run. */
  readonly despiteEvents?: boolean | undefined;
  readonly log: { info(message: string): void; warn(message: string): void };
}

type Queryable = Pick<ClientBase, 'query'>;

/** Where the two differ, in the order of the texts. */
export function statusChanges(
  table: readonly RankedStatus[],
  catalogue: readonly RankedStatus[],
): readonly StatusChange[] {
  const find = (list: readonly RankedStatus[], text: string) =>
    list.find(({ status }) => status === text) ?? null;
  return [...new Set([...table, ...catalogue].map(({ status }) => status))]
    .sort()
    .map((status) => ({ status, table: find(table, status), catalogue: find(catalogue, status) }))
    .filter(
      (change) =>
        change.table?.rank !== change.catalogue?.rank ||
        change.table?.terminal !== change.catalogue?.terminal,
    );
}

/**
 * Brings `catalogo_status` in line with the catalogue, in one transaction. A status that only the table has was added there and stays.
 *
 * @throws OperatorError (78) when an event has a status whose rank or finality changes, or two statuses would have one rank
 */
export async function syncCatalogue(
  client: ClientBase,
  { catalogue = STATUS_CATALOGUE, despiteEvents = false, log }: SyncOptions,
): Promise<void> {
  if (shippedChanges(await readTable(client), catalogue).length === 0) return;
  await inTransaction(client, 'BEGIN', async () => {
    // Batches hold it shared: none is half written while events are looked for and ranks change.
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.schema]);
    const table = await readTable(client);
    const changes = shippedChanges(table, catalogue);
    const wanted = changes.flatMap((change) => change.catalogue ?? []);
    assertOneRankEach([...table.filter(({ status }) => !wanted.some((w) => w.status === status)), ...wanted]);
    const relied = await withEvents(client, changes);
    if (relied.length > 0 && !despiteEvents) throw reliedOn(relied);
    await client.query('SET CONSTRAINTS catalogo_status_ordem_key DEFERRED');
    await client.query(
      `INSERT INTO catalogo_status (status, ordem, terminal)
       SELECT * FROM unnest($1::text[], $2::smallint[], $3::boolean[])
       ON CONFLICT (status) DO UPDATE SET ordem = excluded.ordem, terminal = excluded.terminal`,
      [wanted.map((w) => w.status), wanted.map((w) => w.rank), wanted.map((w) => w.terminal)],
    );
    // Writers go by the rows, and read them again. In a new database none has read any.
    if (table.length > 0)
      await client.query('UPDATE versao_do_esquema SET versao_palavras = versao_palavras + 1');
    log.info(`statuses brought in line: ${wanted.map(({ status }) => status).join(', ')}`);
    if (relied.length > 0) log.warn('Figures rely on the former ranks; run "npm run db:rebuild".');
  });
}

/**
 * Statuses that only the database has were added there.
 *
 * @throws OperatorError (78) when the database lacks a status of this program or ranks it otherwise
 */
export async function assertCatalogue(client: Queryable): Promise<void> {
  const changes = shippedChanges(await readTable(client), STATUS_CATALOGUE);
  if (changes.length === 0) return;
  throw new OperatorError(
    `The database and this program disagree about statuses: ${changes.map(described).join('; ')}. Run "npm run db:migrate" for ` +
      'those that the database lacks; put those that packages/contract/statuses.json lacks back, or start the version that has them.',
    EXIT.config,
  );
}

/** What differs of the statuses that the catalogue has. */
function shippedChanges(
  table: readonly RankedStatus[],
  catalogue: readonly RankedStatus[],
): readonly StatusChange[] {
  return statusChanges(table, catalogue).filter((change) => change.catalogue !== null);
}

async function readTable(client: Queryable): Promise<readonly RankedStatus[]> {
  const { rows } = await client.query<RankedStatus>(
    'SELECT status, ordem AS rank, terminal FROM catalogo_status',
  );
  return rows;
}

/** Those of them that events have, removed ones too. A new one counts as well: until now it ranked as unknown. */
async function withEvents(
  client: Queryable,
  changes: readonly StatusChange[],
): Promise<readonly StatusChange[]> {
  const { rows } = await client.query<{ status: string }>(
    'SELECT status FROM resumo_historico WHERE status = ANY ($1) GROUP BY status HAVING sum(eventos) > 0',
    [changes.map(({ status }) => status)],
  );
  return changes.filter(({ status }) => rows.some((row) => row.status === status));
}

function assertOneRankEach(statuses: readonly RankedStatus[]): void {
  for (const { status, rank } of statuses) {
    const other = statuses.find((s) => s.rank === rank && s.status < status);
    if (other !== undefined)
      throw new OperatorError(
        `${other.status} and ${status} would both have rank ${rank}; give one of them another rank in packages/contract/statuses.json.`,
        EXIT.config,
      );
  }
}

function reliedOn(changes: readonly StatusChange[]): OperatorError {
  return new OperatorError(
    `Events have a status whose rank or finality would change, and figures were made with the former: ` +
      `${changes.map(described).join('; ')}. Put the former values back in packages/contract/statuses.json, or stop all consumers, ` +
      'run "npm run db:migrate -- --statuses-with-events", then "npm run db:rebuild", and start consumers of this version.',
    EXIT.config,
  );
}

function described({ status, table, catalogue }: StatusChange): string {
  return `${status} is ${valuesOf(table)} in the database and ${valuesOf(catalogue)} in the catalogue`;
}

function valuesOf(entry: RankedStatus | null): string {
  if (entry === null) return `unknown (rank ${UNKNOWN_STATUS_RANK}, not final)`;
  return `rank ${entry.rank}, ${entry.terminal ? 'final' : 'not final'}`;
}
