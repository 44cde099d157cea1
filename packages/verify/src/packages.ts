import type { TruthRecord } from '@rastreio/simulator';
import type { ClientBase } from 'pg';
import QueryStream from 'pg-query-stream';
import type { Differences } from './differences';

/** A package as the database has it, with its events counted and summed up as rowChecksum does. */
type Row = Readonly<Record<(typeof COMPARED)[number], unknown>> & { readonly id_pacote: number };
type PackageTruth = Extract<TruthRecord, { record: 'package' }>;

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

const INSTANT = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

// Ids and sums stay below 2^53 (see rowChecksum), so float8 holds them exactly and pg gives numbers.
const PACKAGES = `
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

export interface PackagesResult {
  readonly compared: number;
  /** Packages of the database that the truth does not know. */
  readonly others: number;
}

/**
 * Compares every package and the content of its events, in constant memory: both sides come ordered by number.
 *
 * @param ignoreOthers whether packages that the truth does not know are all right
 */
export async function comparePackages(
  client: ClientBase,
  truths: AsyncIterable<PackageTruth>,
  ignoreOthers: boolean,
  differences: Differences,
): Promise<PackagesResult> {
  const rows = client.query(new QueryStream(PACKAGES, [], { batchSize: 1_000 }));
  const row = (rows as AsyncIterable<Row>)[Symbol.asyncIterator]();
  let compared = 0;
  let others = 0;
  const other = ({ id_pacote }: Row) => {
    others++;
    if (!ignoreOthers) differences.same('packages', `package ${id_pacote}`, 'absent', 'in the database');
  };
  try {
    let current = await row.next();
    for await (const truth of truths) {
      while (current.done !== true && current.value.id_pacote < truth.id_pacote) {
        other(current.value);
        current = await row.next();
      }
      compared++;
      if (current.done === true || current.value.id_pacote !== truth.id_pacote) {
        differences.same('packages', `package ${truth.id_pacote}`, truth, 'missing');
        continue;
      }
      comparePackage(truth, current.value, differences);
      current = await row.next();
    }
    for (; current.done !== true; current = await row.next()) other(current.value);
  } finally {
    rows.destroy();
  }
  return { compared, others };
}

function comparePackage(truth: PackageTruth, row: Row, differences: Differences): void {
  for (const column of COMPARED) {
    const section = column === 'eventos' || column === 'soma' ? 'events' : 'packages';
    differences.same(section, `package ${truth.id_pacote}, ${column}`, truth[column], row[column]);
  }
}
