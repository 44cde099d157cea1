import { compareText } from '@rastreio/contract';
import type { TruthRecord } from '@rastreio/simulator';
import type { ClientBase } from 'pg';
import QueryStream from 'pg-query-stream';
import type { Differences } from './differences';

/** A parcel as the database has it, with its events counted and summed up as rowChecksum does. */
type Row = Readonly<Record<(typeof COMPARED)[number], unknown>> & {
  readonly id_pacote: number;
  /** Carrier and tracking number, where the number was given by the database; else null. */
  readonly nome: string | null;
  /** Of a sender's number: the carriers and tracking numbers that name it, too; else null. */
  readonly outros_nomes: string | null;
};
type ParcelTruth = Extract<TruthRecord, { record: 'parcel' }>;

const COMPARED = [
  'origem',
  'destino',
  'status_atual',
  'data_inicio',
  'data_status',
  'data_entrega',
  'prazo_inicial',
  'prazo_final',
  'eventos',
  'soma',
] as const;

const STATE = COMPARED.filter((column) => column !== 'eventos' && column !== 'soma');

const INSTANT = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** A promise as an instant, or as the day that ends at it, and empty for none. */
const PROMISE = (column: string) =>
  `CASE WHEN p.${column} IS NULL THEN '' ELSE ${INSTANT(`p.${column}`)} || ' ' || to_char(dia_local(p.${column}), 'YYYY-MM-DD') END AS ${column}`;

// Ids and sums stay below 2^53 (see rowChecksum), so float8 holds them exactly and pg gives numbers.
// A parcel that is named by carrier and tracking number is compared by that name: which number it was given, nobody knows beforehand.
const PARCELS = `
  WITH todos AS (
    SELECT id_pacote, string_agg(transportadora || '/' || codigo, ', ' ORDER BY transportadora, codigo) COLLATE "C" AS nome
    FROM codigos GROUP BY id_pacote
  ),
  nomes AS (SELECT * FROM todos WHERE id_pacote < 0)
  SELECT coalesce(p.id_pacote, e.id_pacote)::float8 AS id_pacote, n.nome, t.nome AS outros_nomes, p.origem, p.destino, p.status_atual,
         ${INSTANT('p.data_inicio')} AS data_inicio, ${INSTANT('p.data_status')} AS data_status,
         ${INSTANT('p.data_entrega')} AS data_entrega, ${PROMISE('prazo_inicial')}, ${PROMISE('prazo_final')},
         coalesce(e.eventos, 0)::float8 AS eventos, coalesce(e.soma, 0)::float8 AS soma
  FROM pacotes p
  FULL JOIN (
    SELECT id_pacote, count(*) AS eventos,
           sum(('x' || left(md5(coalesce(nome, id_pacote::text) || '|' || ${INSTANT('data_evento')} || '|' || status_rastreamento), 12))::bit(48)::bigint) AS soma
    FROM eventos_rastreamento LEFT JOIN nomes USING (id_pacote) GROUP BY id_pacote
  ) e USING (id_pacote)
  LEFT JOIN nomes n ON n.id_pacote = coalesce(p.id_pacote, e.id_pacote)
  LEFT JOIN todos t ON t.id_pacote = coalesce(p.id_pacote, e.id_pacote) AND t.id_pacote > 0
  ORDER BY n.nome IS NOT NULL, n.nome, 1`;

export interface ParcelsResult {
  readonly compared: number;
  /** Parcels of the database that the truth does not know. */
  readonly others: number;
  /** Events that are not in the database. An event with a wrong content is one lost and one in surplus. */
  readonly lost: number;
  /** Events in the database that the truth does not know. */
  readonly surplus: number;
  /** Parcels whose row is wrong, missing, or not known to the truth. */
  readonly wrongStates: number;
  /** Parcels that are named otherwise: by a tracking number too many or too few, or with a number given here that no tracking number has. */
  readonly wrongNames: number;
}

/**
 * Compares every parcel and the content of its events, in constant memory: both sides come ordered by number, then by carrier and tracking
 * number.
 *
 * @param ignoreOthers whether parcels that the truth does not know are all right
 */
export async function compareParcels(
  client: ClientBase,
  truths: AsyncIterable<ParcelTruth>,
  ignoreOthers: boolean,
  differences: Differences,
): Promise<ParcelsResult> {
  const rows = client.query(new QueryStream(PARCELS, [], { batchSize: 1_000 }));
  const row = (rows as AsyncIterable<Row>)[Symbol.asyncIterator]();
  const result = { compared: 0, others: 0, lost: 0, surplus: 0, wrongStates: 0, wrongNames: 0 };
  const other = (row: Row) => {
    const { eventos } = row;
    result.others++;
    if (ignoreOthers) return;
    if (row.nome === null && row.id_pacote < 0) result.wrongNames++;
    result.surplus += Number(eventos);
    result.wrongStates++;
    differences.same('parcels', `parcel ${nameOf(row)}`, 'absent', 'in the database');
  };
  try {
    let current = await row.next();
    for await (const truth of truths) {
      const name = nameOf(truth);
      while (current.done !== true && compareNames(nameOf(current.value), name) < 0) {
        other(current.value);
        current = await row.next();
      }
      result.compared++;
      if (current.done === true || compareNames(nameOf(current.value), name) !== 0) {
        differences.same('parcels', `parcel ${name}`, truth, 'missing');
        result.lost += truth.eventos;
        result.wrongStates++;
        continue;
      }
      const wrong = compareParcel(truth, current.value, differences);
      result.lost += wrong.lost;
      result.surplus += wrong.surplus;
      result.wrongStates += wrong.state ? 1 : 0;
      result.wrongNames += sameNames(truth, current.value, differences) ? 0 : 1;
      current = await row.next();
    }
    for (; current.done !== true; current = await row.next()) other(current.value);
  } finally {
    rows.destroy();
  }
  return result;
}

function compareParcel(
  truth: ParcelTruth,
  row: Row,
  differences: Differences,
): { lost: number; surplus: number; state: boolean } {
  const same = (section: string, column: (typeof COMPARED)[number]) =>
    differences.same(
      section,
      `parcel ${nameOf(truth)}, ${column}`,
      truth[column] ?? null,
      foundOf(row, column, truth),
    );
  const state = STATE.map((column) => same('parcels', column)).includes(false);
  const number = same('events', 'eventos');
  const content = same('events', 'soma');
  const more = Number(row.eventos) - truth.eventos;
  if (number && !content) return { lost: 1, surplus: 1, state };
  return { lost: Math.max(0, -more), surplus: Math.max(0, more), state };
}

/** Of a parcel with a sender's number; another one is looked for by its name. */
function sameNames(truth: ParcelTruth, row: Row, differences: Differences): boolean {
  if (truth.id_pacote === undefined) return true;
  const expected = truth.codigo === undefined ? null : `${truth.transportadora}/${truth.codigo}`;
  return differences.same('names', `parcel ${nameOf(truth)}, tracking numbers`, expected, row.outros_nomes);
}

/** A number, or carrier and tracking number. */
type Name = number | string;

function nameOf({ id_pacote: id, ...named }: ParcelTruth | Row): Name {
  if ('nome' in named) return named.nome ?? Number(id);
  return id ?? `${named.transportadora}/${named.codigo}`;
}

/** Numbers first, as the query orders them. */
function compareNames(a: Name, b: Name): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return typeof a === 'number' ? -1 : 1;
}

/** What the database has, in the form in which the truth says it. */
function foundOf(row: Row, column: (typeof COMPARED)[number], truth: ParcelTruth): unknown {
  if (column !== 'prazo_inicial' && column !== 'prazo_final') return row[column];
  const [instant = '', day = ''] = String(row[column]).split(' ');
  if (instant === '') return null;
  // A day is the end of that day in the operator's time zone, whichever that is.
  return truth[column]?.length === day.length ? day : instant;
}
