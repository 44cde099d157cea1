import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TruthRecord } from '@rastreio/simulator';
import type { ClientBase } from 'pg';
import type { Differences } from './differences';

type KpiTruth = Extract<TruthRecord, { record: 'kpis' }>;

const REFERENCE = path.resolve(__dirname, '../../../sql/reference');

const DURATIONS = `
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY s) AS p50_segundos, percentile_cont(0.9) WITHIN GROUP (ORDER BY s) AS p90_segundos,
         percentile_cont(0.95) WITHIN GROUP (ORDER BY s) AS p95_segundos
  FROM (SELECT extract(epoch FROM data_entrega - data_inicio)::float8 AS s FROM pacotes WHERE data_entrega IS NOT NULL) AS d`;
const LANES = `
  SELECT origem, destino, count(*)::float8 AS pacotes, count(data_entrega)::float8 AS entregues,
         avg(extract(epoch FROM data_entrega - data_inicio))::float8 AS tempo_medio_segundos
  FROM pacotes GROUP BY origem, destino ORDER BY origem COLLATE "C", destino COLLATE "C"`;

/** Compares the figures that dashboards show, as the views give them and as the original's own queries do. */
export async function compareFigures(
  client: ClientBase,
  truth: KpiTruth,
  differences: Differences,
): Promise<void> {
  const rows = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows;
  const same = (what: string, expected: unknown, actual: unknown) =>
    differences.same('kpis', what, expected, actual);
  const byStatus = (list: Record<string, unknown>[]) =>
    sorted(Object.fromEntries(list.map((r) => [String(r.status_rastreamento), Number(r.total_pacotes)])));
  same(
    'parcels by status (status_dos_pacotes)',
    sorted(truth.status),
    byStatus(await rows('SELECT * FROM status_dos_pacotes')),
  );
  const [kept] = await rows(
    'SELECT total_pacotes::float8, total_entregues::float8, tempo_medio_segundos FROM indicadores_entrega',
  );
  same('total of parcels', truth.total_pacotes, kept?.total_pacotes);
  same('delivered parcels', truth.entregues, kept?.total_entregues);
  same('mean delivery time in seconds', truth.tempo_medio_segundos, kept?.tempo_medio_segundos);
  const [durations] = await rows(DURATIONS);
  for (const name of ['p50_segundos', 'p90_segundos', 'p95_segundos'] as const)
    same(name, truth[name], durations?.[name]);
  compareLanes(truth, await rows(LANES), same);
  const [mean] = await rows(
    `SELECT extract(epoch FROM tempo_medio_de_entrega)::float8 AS segundos FROM (${await reference('tempo_medio_de_entrega.sql')}) AS r`,
  );
  same('mean delivery time by the original’s query', truth.tempo_medio_segundos, mean?.segundos ?? null);
}

function compareLanes(
  truth: KpiTruth,
  lanes: readonly Record<string, unknown>[],
  same: (what: string, expected: unknown, actual: unknown) => void,
): void {
  const actual = new Map(lanes.map((lane) => [`${String(lane.origem)} to ${String(lane.destino)}`, lane]));
  for (const expected of truth.rotas) {
    const name = `${expected.origem} to ${expected.destino}`;
    const lane = actual.get(name);
    actual.delete(name);
    for (const column of ['pacotes', 'entregues', 'tempo_medio_segundos'] as const)
      same(`lane ${name}, ${column}`, expected[column], lane?.[column]);
  }
  same('lanes that should not exist', [], [...actual.keys()]);
}

function sorted(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
}

async function reference(file: string): Promise<string> {
  return (await readFile(path.join(REFERENCE, file), 'utf8')).trim().replace(/;$/, '');
}
