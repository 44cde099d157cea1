import { finished } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { ReceivedEvent } from './batch';
import { CopyRows } from './copyBinary';
import { reducePackages, type PackageState } from './packageState';

/** Prepares a fresh connection for {@link writeEvents}: the staging tables, which empty themselves at each commit. */
export async function prepareConnection(client: ClientBase): Promise<void> {
  await client.query(`
    SET TIME ZONE 'UTC';
    CREATE TEMPORARY TABLE IF NOT EXISTS lote_eventos (
      id_pacote bigint, data_evento timestamptz, status_rastreamento text, recebido_em timestamptz
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS lote_pacotes (
      id_pacote bigint, origem text, destino text, data_inicio timestamptz,
      status_atual text, data_status timestamptz, ordem_status smallint, data_entrega timestamptz
    ) ON COMMIT DELETE ROWS`);
}

// "C" collation is the order of code points, as compareText has it.
const STARTS_EARLIER = `(excluded.data_inicio, excluded.origem COLLATE "C", excluded.destino COLLATE "C")
    < (p.data_inicio, p.origem COLLATE "C", p.destino COLLATE "C")`;
const IS_LATER = `(excluded.data_status, excluded.ordem_status, excluded.status_atual COLLATE "C")
    > (p.data_status, p.ordem_status, p.status_atual COLLATE "C")`;

// mergeStates in SQL. The WHERE leaves rows alone that nothing changes, so a replay writes nothing.
const MERGE_PACKAGES = `
  INSERT INTO pacotes AS p (id_pacote, origem, destino, data_inicio, status_atual, data_status, ordem_status, data_entrega)
  SELECT id_pacote, origem, destino, data_inicio, status_atual, data_status, ordem_status, data_entrega
  FROM pg_temp.lote_pacotes ORDER BY id_pacote
  ON CONFLICT (id_pacote) DO UPDATE SET
    origem       = CASE WHEN ${STARTS_EARLIER} THEN excluded.origem ELSE p.origem END,
    destino      = CASE WHEN ${STARTS_EARLIER} THEN excluded.destino ELSE p.destino END,
    data_inicio  = least(p.data_inicio, excluded.data_inicio),
    status_atual = CASE WHEN ${IS_LATER} THEN excluded.status_atual ELSE p.status_atual END,
    ordem_status = CASE WHEN ${IS_LATER} THEN excluded.ordem_status ELSE p.ordem_status END,
    data_status  = greatest(p.data_status, excluded.data_status),
    data_entrega = greatest(p.data_entrega, excluded.data_entrega)
  WHERE ${STARTS_EARLIER} OR ${IS_LATER} OR excluded.data_entrega > coalesce(p.data_entrega, '-infinity')`;

// data_status is the latest of all events of a package that are there. Looked at before the merge moves it.
const POSSIBLY_KNOWN = `
  SELECT l.id_pacote::float8 AS id FROM pg_temp.lote_pacotes l JOIN pacotes p USING (id_pacote)
  WHERE l.data_inicio <= p.data_status`;

const INSERT_STAGED_EVENTS = `
  INSERT INTO eventos_rastreamento (id_pacote, data_evento, status_rastreamento, recebido_em)
  SELECT id_pacote, data_evento, status_rastreamento, recebido_em FROM pg_temp.lote_eventos
  ON CONFLICT DO NOTHING`;

const EVENT_COLUMNS = '(id_pacote, data_evento, status_rastreamento, recebido_em)';
const PACKAGE_COLUMNS =
  '(id_pacote, origem, destino, data_inicio, status_atual, data_status, ordem_status, data_entrega)';

/**
 * Writes events and the states of their packages, within the caller's transaction.
 *
 * Most events are later than everything known of their package, so they cannot be in the table and are copied straight into it;
 * the others take the slower way over a staging table, which leaves out what is there.
 *
 * @param options.provenNew false: nothing counts as proven and all of them take the slower way
 * @returns how many events were not there before
 * @throws the database's error; 23505 when another writer stored one of the events in the meantime (only with `provenNew`)
 */
export async function writeEvents(
  client: ClientBase,
  events: readonly ReceivedEvent[],
  { provenNew }: { readonly provenNew: boolean },
): Promise<number> {
  const { states, unordered } = reducePackages(events);
  await copy(client, `pg_temp.lote_pacotes ${PACKAGE_COLUMNS}`, encodeStates(states));
  const { fresh, doubtful } = provenNew
    ? split(events, unordered, await possiblyKnown(client))
    : { fresh: [], doubtful: events };
  await client.query(MERGE_PACKAGES);
  if (fresh.length > 0) await copy(client, `eventos_rastreamento ${EVENT_COLUMNS}`, encodeEvents(fresh));
  if (doubtful.length === 0) return fresh.length;
  await copy(client, `pg_temp.lote_eventos ${EVENT_COLUMNS}`, encodeEvents(doubtful));
  const { rowCount } = await client.query(INSERT_STAGED_EVENTS);
  return fresh.length + (rowCount ?? 0);
}

async function possiblyKnown(client: ClientBase): Promise<ReadonlySet<number>> {
  const { rows } = await client.query<{ id: number }>(POSSIBLY_KNOWN);
  return new Set(rows.map(({ id }) => id));
}

function split(
  events: readonly ReceivedEvent[],
  ...doubts: readonly ReadonlySet<number>[]
): { fresh: readonly ReceivedEvent[]; doubtful: readonly ReceivedEvent[] } {
  if (doubts.every(({ size }) => size === 0)) return { fresh: events, doubtful: [] };
  const fresh: ReceivedEvent[] = [];
  const doubtful: ReceivedEvent[] = [];
  for (const event of events)
    (doubts.some((packages) => packages.has(event.id_pacote)) ? doubtful : fresh).push(event);
  return { fresh, doubtful };
}

function encodeStates(states: readonly PackageState[]): Buffer {
  const rows = new CopyRows(8, 128 * states.length);
  for (const state of states) {
    rows.row();
    rows.bigint(state.id_pacote);
    rows.text(state.origem);
    rows.text(state.destino);
    rows.instant(state.data_inicio);
    rows.text(state.status_atual);
    rows.instant(state.data_status);
    rows.smallint(state.ordem_status);
    rows.instantOrNull(state.data_entrega);
  }
  return rows.end();
}

function encodeEvents(events: readonly ReceivedEvent[]): Buffer {
  const rows = new CopyRows(4, 64 * events.length);
  for (const event of events) {
    rows.row();
    rows.bigint(event.id_pacote);
    rows.instant(event.data_atualizacao);
    rows.text(event.status_rastreamento);
    rows.epochMs(event.recebido_em);
  }
  return rows.end();
}

async function copy(client: ClientBase, target: string, rows: Buffer): Promise<void> {
  const stream = client.query(copyFrom(`COPY ${target} FROM STDIN (FORMAT binary)`));
  stream.end(rows);
  await finished(stream);
}
