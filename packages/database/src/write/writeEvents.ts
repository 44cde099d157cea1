import { SHIPPED_STATUSES, type Statuses } from '@rastreio/contract';
import type { ClientBase } from 'pg';
import type { NumberedReceived } from './batch';
import { sayDetails, saysNoMore } from './eventDetails';
import { CopyRows, copyRows } from './copyBinary';
import {
  arePlain,
  type KnownParcels,
  lockKnownParcels,
  makeUnknownParcels,
  mergeParcels,
  STAGED_PARCELS,
  stageParcels,
} from './mergeParcels';
import { reduceParcels } from './parcelState';
import { followPassages } from './passages';
import { OvertakenError } from './tryAgain';
import { writePassages } from './writePassages';

/** Prepares a fresh connection for {@link writeEvents}: the staging tables, which empty themselves at each commit. */
export async function prepareConnection(client: ClientBase): Promise<void> {
  await client.query(`
    CREATE TEMPORARY TABLE IF NOT EXISTS lote_eventos (
      id_pacote bigint, data_evento timestamptz, status_rastreamento text, recebido_em timestamptz, detalhes jsonb
    ) ON COMMIT DELETE ROWS;
    ${STAGED_PARCELS}`);
}

const PLAIN_EVENT_COLUMNS = 'id_pacote, data_evento, status_rastreamento, recebido_em';
const EVENT_COLUMNS = `${PLAIN_EVENT_COLUMNS}, detalhes`;

const INSERT_STAGED_EVENTS = `
  INSERT INTO eventos_rastreamento (${EVENT_COLUMNS})
  SELECT ${EVENT_COLUMNS} FROM pg_temp.lote_eventos
  ON CONFLICT DO NOTHING
  RETURNING id_pacote::text, data_evento::text, status_rastreamento, recebido_em::text`;

const ADD_LATE_PASSAGES = `SELECT soma_atrasados($1::bigint[], $2::timestamptz[], $3::text[], $4::timestamptz[])`;

const NOTE_PLACES = `SELECT anota_lugares($1::bigint[], $2::text[], $3::text[])`;

// Of each event of the batch that the database has, those reports that say something else than it does. One without details says the parcel's
// places, as does one that has no more than these written out.
const OTHER_REPORTS = `
  SELECT junta_relatos(array_agg(l.id_pacote), array_agg(l.data_evento), array_agg(l.status_rastreamento), array_agg(l.recebido_em), array_agg(l.detalhes))
  FROM pg_temp.lote_eventos l
  CROSS JOIN LATERAL (
    SELECT detalhes FROM eventos_rastreamento e
    WHERE (e.id_pacote, e.data_evento, e.status_rastreamento) = (l.id_pacote, l.data_evento, l.status_rastreamento) OFFSET 0
  ) AS e
  WHERE e.detalhes IS DISTINCT FROM l.detalhes
    AND (e.detalhes <> l.detalhes OR coalesce(e.detalhes, l.detalhes) <>
      (SELECT jsonb_build_object('origem', p.origem, 'destino', p.destino) FROM pacotes p WHERE p.id_pacote = l.id_pacote))
  HAVING count(*) > 0`;

export interface WriteOptions {
  /** False: nothing counts as proven and all of them take the slower way. */
  readonly provenNew: boolean;
  /** Those that the database knows; left out, those that are shipped. */
  readonly statuses?: Statuses;
  /** Called when the rows of all parcels are locked, before most of the work. */
  readonly whenLocked?: () => Promise<void>;
}

/**
 * Writes events, the states of their parcels and their passages from status to status, within the caller's transaction.
 *
 * Most events are later than everything known of their parcel, so they cannot be in the table: they are copied straight into it,
 * and what they change is counted here. The others take the slower way over a staging table, which leaves out what is there.
 *
 * @returns how many events were not there before
 * @throws OvertakenError (only with `provenNew`), or the database's error
 */
export async function writeEvents(
  client: ClientBase,
  events: readonly NumberedReceived[],
  { provenNew, statuses = SHIPPED_STATUSES, whenLocked }: WriteOptions,
): Promise<number> {
  const { states, unordered, mixed, previous } = reduceParcels(events, statuses);
  const plain = arePlain(states);
  await stageParcels(client, states, plain);
  if (!provenNew) await makeUnknownParcels(client);
  const known = await lockKnownParcels(client);
  const inserted = await mergeParcels(client, plain && !known.unsaid);
  const { latest, late } = known;
  if (provenNew && inserted !== states.length - latest.size) throw new OvertakenError();
  await whenLocked?.();
  const copyTo = (table: string, some: readonly NumberedReceived[]) =>
    copyEvents(client, table, some, { mixed, places: known.places });
  if (known.places.size > 0) await notePlaces(client, known.places);
  const writeDoubtful = async (some: readonly NumberedReceived[]) => {
    if (some.length === 0) return 0;
    await copyTo('pg_temp.lote_eventos', some);
    return writeStaged(client, some.length);
  };
  if (!provenNew) return writeDoubtful(events);
  const isFresh = ({ id_pacote }: NumberedReceived) => !unordered.has(id_pacote) && !late.has(id_pacote);
  const allFresh = unordered.size === 0 && late.size === 0;
  const fresh = allFresh ? events : events.filter(isFresh);
  const doubtful = allFresh ? [] : events.filter((event) => !isFresh(event));
  if (fresh.length > 0) {
    await copyTo('eventos_rastreamento', fresh);
    await writePassages(
      client,
      followPassages(events, previous, latest, allFresh ? undefined : isFresh, statuses),
    );
  }
  return fresh.length + (await writeDoubtful(doubtful));
}

/** An event without details says its parcel's places: where these are others now, it is written down what they were. */
async function notePlaces(client: ClientBase, places: KnownParcels['places']): Promise<void> {
  const pairs = [...places.values()];
  await client.query(NOTE_PLACES, [
    [...places.keys()],
    pairs.map(([origem]) => origem),
    pairs.map(([, destino]) => destino),
  ]);
}

async function writeStaged(client: ClientBase, count: number): Promise<number> {
  const { rows } = await client.query<string[]>({ text: INSERT_STAGED_EVENTS, rowMode: 'array' });
  if (rows.length > 0)
    await client.query(
      ADD_LATE_PASSAGES,
      [0, 1, 2, 3].map((column) => rows.map((row) => row[column])),
    );
  if (rows.length < count) await client.query(OTHER_REPORTS);
  return rows.length;
}

interface SaidPlaces {
  /** Parcels of which the batch says more than one pair of places. */
  readonly mixed: ReadonlySet<number>;
  /** Parcels of which the database says another pair. */
  readonly places: KnownParcels['places'];
}

/**
 * Copies events into a table. Those of parcels of which more than one pair of places is said say their own. Where none has details, as with
 * the original's events, their column is left out: a null of it in each row is a third of a microsecond for the database.
 */
async function copyEvents(
  client: ClientBase,
  table: string,
  events: readonly NumberedReceived[],
  { mixed, places }: SaidPlaces,
): Promise<void> {
  const isMixed = ({ id_pacote }: NumberedReceived) => mixed.has(id_pacote) || places.has(id_pacote);
  const plain = mixed.size === 0 && places.size === 0 && events.every(saysNoMore);
  const rows = new CopyRows(plain ? 4 : 5, (plain ? 60 : 64) * events.length);
  for (const event of events) {
    rows.row();
    rows.bigint(event.id_pacote);
    rows.instant(event.data_atualizacao);
    rows.text(event.status_rastreamento);
    rows.epochMs(event.recebido_em);
    if (plain) continue;
    if (saysNoMore(event) && !isMixed(event)) rows.null();
    else {
      rows.jsonObject();
      sayDetails(event, rows);
      rows.endObject();
    }
  }
  await copyRows(client, `${table} (${plain ? PLAIN_EVENT_COLUMNS : EVENT_COLUMNS})`, rows.end());
}
