import type { TruthRecord } from '@rastreio/simulator';
import type { ClientBase } from 'pg';
import QueryStream from 'pg-query-stream';
import type { Differences } from './differences';

/** A parcel as the database has it, with its events counted and summed up as rowChecksum does. */
type Row = Readonly<Record<(typeof COMPARED)[number], unknown>> & { readonly id_pacote: number };
type ParcelTruth = Extract<TruthRecord, { record: 'parcel' }>;

const COMPARED = [
  'origem',
  'destino',
  'status_atual',
  'data_inicio',
  'data_status',
  'data_entrega',
  'eventos',
  'soma',
] as const;

const STATE = COMPARED.filter((column) => column !== 'eventos' && column !== 'soma');

const INSTANT = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

// Ids and sums stay below 2^53 (see rowChecksum), so float8 holds them exactly and pg gives numbers.
const PARCELS = `
  SELECT coalesce(p.id_pacote, e.id_pacote)::float8 AS id_pacote, p.origem, p.destino, p.status_atual,
         ${INSTANT('p.data_inicio')} AS data_inicio, ${INSTANT('p.data_status')} AS data_status,
         ${INSTANT('p.data_entrega')} AS data_entrega, coalesce(e.eventos, 0)::float8 AS eventos, coalesce(e.soma, 0)::float8 AS soma
  FROM pacotes p
  FULL JOIN (
    SELECT id_pacote, count(*) AS eventos,
           sum(('x' || left(md5(id_pacote || '|' || ${INSTANT('data_evento')} || '|' || status_rastreamento), 12))::bit(48)::bigint) AS soma
    FROM eventos_rastreamento GROUP BY id_pacote
  ) e USING (id_pacote)
  ORDER BY 1`;

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
}

/**
 * Compares every parcel and the content of its events, in constant memory: both sides come ordered by number.
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
  const result = { compared: 0, others: 0, lost: 0, surplus: 0, wrongStates: 0 };
  const other = ({ id_pacote, eventos }: Row) => {
    result.others++;
    if (ignoreOthers) return;
    result.surplus += Number(eventos);
    result.wrongStates++;
    differences.same('parcels', `parcel ${id_pacote}`, 'absent', 'in the database');
  };
  try {
    let current = await row.next();
    for await (const truth of truths) {
      while (current.done !== true && current.value.id_pacote < truth.id_pacote) {
        other(current.value);
        current = await row.next();
      }
      result.compared++;
      if (current.done === true || current.value.id_pacote !== truth.id_pacote) {
        differences.same('parcels', `parcel ${truth.id_pacote}`, truth, 'missing');
        result.lost += truth.eventos;
        result.wrongStates++;
        continue;
      }
      const wrong = compareParcel(truth, current.value, differences);
      result.lost += wrong.lost;
      result.surplus += wrong.surplus;
      result.wrongStates += wrong.state ? 1 : 0;
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
    differences.same(section, `parcel ${truth.id_pacote}, ${column}`, truth[column], row[column]);
  const state = STATE.map((column) => same('parcels', column)).includes(false);
  const number = same('events', 'eventos');
  const content = same('events', 'soma');
  const more = Number(row.eventos) - truth.eventos;
  if (number && !content) return { lost: 1, surplus: 1, state };
  return { lost: Math.max(0, -more), surplus: Math.max(0, more), state };
}
