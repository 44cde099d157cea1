import type { ClientBase } from 'pg';
import { copyRows, CopyRows } from './copyBinary';
import type { ParcelState } from './parcelState';
import type { LatestEvent } from './passages';

/** Where a batch's states wait to be merged: empties itself at each commit. */
export const STAGED_PARCELS = `
  CREATE TEMPORARY TABLE IF NOT EXISTS lote_pacotes (
    id_pacote bigint, origem text, destino text, data_inicio timestamptz, status_atual text, data_status timestamptz,
    ordem_status smallint, data_entrega timestamptz, data_tentativa timestamptz,
    outra_data timestamptz, outra_ordem smallint, outro_status text,
    data_origem timestamptz, par_origem text, data_destino timestamptz, par_destino text,
    transportadora text, data_transportadora timestamptz,
    prazo_inicial timestamptz, data_prazo_inicial timestamptz, prazo_final timestamptz, data_prazo_final timestamptz
  ) ON COMMIT DELETE ROWS`;

// "C" collation is the order of code points, as compareText has it.
const STARTS_EARLIER = `(excluded.data_inicio, excluded.origem COLLATE "C", excluded.destino COLLATE "C")
    < (p.data_inicio, p.origem COLLATE "C", p.destino COLLATE "C")`;
const IS_LATER = `(excluded.data_status, excluded.ordem_status, excluded.status_atual COLLATE "C")
    > (p.data_status, p.ordem_status, p.status_atual COLLATE "C")`;
/** All that states of plain events say. */
const PLAIN_COLUMNS =
  'id_pacote, origem, destino, data_inicio, status_atual, data_status, ordem_status, data_entrega, data_tentativa, ' +
  'outra_data, outra_ordem, outro_status';
const COLUMNS =
  `${PLAIN_COLUMNS}, data_origem, par_origem, data_destino, par_destino, ` +
  'transportadora, data_transportadora, prazo_inicial, data_prazo_inicial, prazo_final, data_prazo_final';

// Where all statuses are known, or none, the later one of two is the current one and there is no other: that is nearly every row.
const IS_PLAIN = `(p.outra_data IS NULL AND excluded.outra_data IS NULL AND (p.ordem_status > 0) = (excluded.ordem_status > 0))`;
const situationOf = (row: string) =>
  `marco_de(${row}.data_status, ${row}.ordem_status, ${row}.status_atual), marco_de(${row}.outra_data, ${row}.outra_ordem, ${row}.outro_status)`;
const JOINED = `junta_situacoes(${situationOf('p')}, ${situationOf('excluded')})`;

// Where both say the places with their first event, the earlier one counts: that is nearly every row.
const SAYS_ALL = `(p.data_origem IS NULL AND excluded.data_origem IS NULL)`;
const originOf = (row: string) =>
  `ROW(coalesce(${row}.data_origem, ${row}.data_inicio), ${row}.origem, coalesce(${row}.par_origem, ${row}.destino))::dito`;
const destinationOf = (row: string) =>
  `ROW(coalesce(${row}.data_destino, ${row}.data_inicio), coalesce(${row}.par_destino, ${row}.origem), ${row}.destino)::dito`;
const PLACES = `junta_lugares(least(p.data_inicio, excluded.data_inicio), least(${originOf('p')}, ${originOf('excluded')}), least(${destinationOf('p')}, ${destinationOf('excluded')}))`;
const PLACE_COLUMNS = ['origem', 'destino', 'data_origem', 'par_origem', 'data_destino', 'par_destino'];
const CHANGES_PLACES = `CASE WHEN ${SAYS_ALL} THEN ${STARTS_EARLIER}
      ELSE ${PLACES} IS DISTINCT FROM ROW(${PLACE_COLUMNS.map((column) => `p.${column}`).join(', ')})::lugares END`;
const says = (value: string, instant: string, order: string) =>
  `(excluded.${instant} IS NOT NULL AND (p.${instant} IS NULL OR (excluded.${instant}, excluded.${value}) ${order} (p.${instant}, p.${value})))`;
const SAYS_CARRIER = says('transportadora COLLATE "C"', 'data_transportadora', '<');
const SAYS_FIRST_PROMISE = says('prazo_inicial', 'data_prazo_inicial', '<');
const SAYS_LAST_PROMISE = says('prazo_final', 'data_prazo_final', '>');
const taken = (condition: string, ...columns: readonly string[]) =>
  columns
    .map((column) => `${column} = CASE WHEN ${condition} THEN excluded.${column} ELSE p.${column} END`)
    .join(',\n      ');

const SETS_SAID = `
      origem       = CASE WHEN NOT ${SAYS_ALL} THEN (${PLACES}).origem WHEN ${STARTS_EARLIER} THEN excluded.origem ELSE p.origem END,
      destino      = CASE WHEN NOT ${SAYS_ALL} THEN (${PLACES}).destino WHEN ${STARTS_EARLIER} THEN excluded.destino ELSE p.destino END,
      ${PLACE_COLUMNS.slice(2)
        .map((column) => `${column} = CASE WHEN NOT ${SAYS_ALL} THEN (${PLACES}).${column} END`)
        .join(',\n      ')},
      ${taken(SAYS_CARRIER, 'transportadora', 'data_transportadora')},
      ${taken(SAYS_FIRST_PROMISE, 'prazo_inicial', 'data_prazo_inicial')},
      ${taken(SAYS_LAST_PROMISE, 'prazo_final', 'data_prazo_final')}`;
const CHANGES_SAID = `${CHANGES_PLACES} OR excluded.data_inicio < p.data_inicio OR ${SAYS_CARRIER} OR ${SAYS_FIRST_PROMISE} OR ${SAYS_LAST_PROMISE}`;
const SETS_PLAIN = `
      origem       = CASE WHEN ${STARTS_EARLIER} THEN excluded.origem ELSE p.origem END,
      destino      = CASE WHEN ${STARTS_EARLIER} THEN excluded.destino ELSE p.destino END`;

/** mergeStates in SQL. The WHERE leaves rows alone that nothing changes, so a replay writes nothing; they are locked all the same. */
const mergeOf = (columns: string, sets: string, changes: string) => `
  WITH merged AS (
    INSERT INTO pacotes AS p (${columns})
    SELECT ${columns} FROM pg_temp.lote_pacotes ORDER BY id_pacote
    ON CONFLICT (id_pacote) DO UPDATE SET ${sets},
      data_inicio  = least(p.data_inicio, excluded.data_inicio),
      status_atual = CASE WHEN NOT ${IS_PLAIN} THEN ((${JOINED}).atual).status WHEN ${IS_LATER} THEN excluded.status_atual ELSE p.status_atual END,
      ordem_status = CASE WHEN NOT ${IS_PLAIN} THEN ((${JOINED}).atual).ordem WHEN ${IS_LATER} THEN excluded.ordem_status ELSE p.ordem_status END,
      data_status  = CASE WHEN NOT ${IS_PLAIN} THEN ((${JOINED}).atual).data ELSE greatest(p.data_status, excluded.data_status) END,
      outra_data   = CASE WHEN NOT ${IS_PLAIN} THEN ((${JOINED}).outro).data END,
      outra_ordem  = CASE WHEN NOT ${IS_PLAIN} THEN ((${JOINED}).outro).ordem END,
      outro_status = CASE WHEN NOT ${IS_PLAIN} THEN ((${JOINED}).outro).status END,
      data_entrega = greatest(p.data_entrega, excluded.data_entrega),
      data_tentativa = least(p.data_tentativa, excluded.data_tentativa)
    WHERE ${changes}
      OR excluded.data_entrega > coalesce(p.data_entrega, '-infinity')
      OR excluded.data_tentativa < coalesce(p.data_tentativa, 'infinity')
      OR CASE WHEN ${IS_PLAIN} THEN ${IS_LATER} ELSE ${JOINED} IS DISTINCT FROM ROW(${situationOf('p')})::situacao END
    RETURNING p.xmax
  )
  SELECT count(*)::int AS inserted FROM merged WHERE xmax = 0`;
const MERGE = mergeOf(COLUMNS, SETS_SAID, CHANGES_SAID);
// The original's events, where nothing else is known of their parcels, do not pay for what carriers say: some 3 % of the database's time.
const MERGE_PLAIN = mergeOf(PLAIN_COLUMNS, SETS_PLAIN, STARTS_EARLIER);

// In the order of the merge, so that two writers of the same parcels mostly wait for each other. Where each holds a parcel that is new
// to the other they deadlock (40P01), and one of them is tried again. A subquery that locks is never turned into a join, so each
// parcel is one look into the index, however many the table has: a join would read all of it for every large batch.
export const LOCK_KNOWN = `
  SELECT l.id_pacote::float8, CASE WHEN p.outra_data > p.data_status THEN p.outro_status ELSE p.status_atual END,
         (extract(epoch FROM greatest(p.data_status, p.outra_data)) * 1000000)::float8,
         l.data_inicio <= greatest(p.data_status, p.outra_data), p.status_atual,
         CASE WHEN l.diz_lugar AND (l.origem, l.destino) <> (p.origem, p.destino) THEN ARRAY[p.origem, p.destino] END,
         p.data_origem IS NOT NULL
  FROM (
    SELECT id_pacote, data_inicio, origem, destino, least(data_origem, data_destino) IS DISTINCT FROM 'infinity' AS diz_lugar
    FROM pg_temp.lote_pacotes ORDER BY id_pacote
  ) AS l
  CROSS JOIN LATERAL (
    SELECT status_atual, data_status, outra_data, outro_status, origem, destino, data_origem FROM pacotes WHERE id_pacote = l.id_pacote FOR NO KEY UPDATE
  ) AS p`;

/** The parcels of a batch that the database has already. */
export interface KnownParcels {
  readonly latest: ReadonlyMap<number, LatestEvent>;
  /** Those of which an event of the batch is not later than all that is stored. */
  readonly late: ReadonlySet<number>;
  /** Origin and destination of those of which the batch says others. */
  readonly places: ReadonlyMap<number, readonly [origem: string, destino: string]>;
  /** Whether of any of them the places are not simply those of its first event. */
  readonly unsaid: boolean;
}

/** Whether states say no more than the original's events do: whole places, and neither carrier nor promise. */
export function arePlain(states: readonly ParcelState[]): boolean {
  return states.every(({ lugares, prometido }) => lugares === null && prometido === null);
}

/** Puts the states of a batch where the other functions here find them. */
export async function stageParcels(
  client: ClientBase,
  states: readonly ParcelState[],
  plain: boolean,
): Promise<void> {
  await copyRows(client, `pg_temp.lote_pacotes (${plain ? PLAIN_COLUMNS : COLUMNS})`, encode(states, plain));
}

/** Locks the staged parcels that the database has, until the end of the transaction, and tells what is stored of them. */
export async function lockKnownParcels(client: ClientBase): Promise<KnownParcels> {
  const { rows } = await client.query<
    [number, string, number, boolean, string, [string, string] | null, boolean]
  >({
    text: LOCK_KNOWN,
    rowMode: 'array',
  });
  const latest = new Map<number, LatestEvent>();
  const late = new Set<number>();
  const places = new Map<number, readonly [string, string]>();
  let unsaid = false;
  for (const [id, status, micros, isLate, current, otherPlaces, isUnsaid] of rows) {
    latest.set(id, { status, micros, current });
    if (isLate) late.add(id);
    if (otherPlaces !== null) places.set(id, otherPlaces);
    if (isUnsaid) unsaid = true;
  }
  return { latest, late, places, unsaid };
}

// The condition leaves every row that is there as it is, and locks it all the same: all of them in one order.
const MAKE_UNKNOWN = `
  INSERT INTO pacotes AS p (${COLUMNS}) SELECT ${COLUMNS} FROM pg_temp.lote_pacotes ORDER BY id_pacote
  ON CONFLICT (id_pacote) DO UPDATE SET data_inicio = p.data_inicio WHERE false`;

/** Makes a row of each staged parcel that the database does not have and locks all of them, so that {@link lockKnownParcels} then knows them all. */
export async function makeUnknownParcels(client: ClientBase): Promise<void> {
  await client.query(MAKE_UNKNOWN);
}

/**
 * Merges the staged states into `pacotes` and returns how many parcels were not there. All of them are locked afterwards.
 *
 * @param plain the states are plain, and of the known parcels nothing is unsaid
 */
export async function mergeParcels(client: ClientBase, plain: boolean): Promise<number> {
  const { rows } = await client.query<{ inserted: number }>(plain ? MERGE_PLAIN : MERGE);
  return rows[0]?.inserted ?? 0;
}

function encode(states: readonly ParcelState[], plain: boolean): Buffer {
  const rows = new CopyRows(plain ? 12 : 22, 160 * states.length);
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
    rows.instantOrNull(state.data_tentativa);
    rows.instantOrNull(state.outra_data);
    rows.smallintOrNull(state.outra_ordem);
    rows.textOrNull(state.outro_status);
    if (plain) continue;
    const { lugares, prometido } = state;
    rows.instantOrNull(lugares?.data_origem ?? null);
    rows.textOrNull(lugares?.par_origem ?? null);
    rows.instantOrNull(lugares?.data_destino ?? null);
    rows.textOrNull(lugares?.par_destino ?? null);
    rows.textOrNull(prometido?.transportadora ?? null);
    rows.instantOrNull(prometido?.data_transportadora ?? null);
    rows.instantOrNull(prometido?.prazo_inicial ?? null);
    rows.instantOrNull(prometido?.data_prazo_inicial ?? null);
    rows.instantOrNull(prometido?.prazo_final ?? null);
    rows.instantOrNull(prometido?.data_prazo_final ?? null);
  }
  return rows.end();
}
