type Cell = string | number | null;

/** A query that gives these rows and needs no table. */
export function values(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const names = columns.map((name) => (/^[a-z_]+$/.test(name) ? name : `"${name}"`)).join(', ');
  const lines = rows.map((row) => `  (${row.map(literal).join(', ')})`).join(',\n');
  return `SELECT * FROM (VALUES\n${lines}\n) AS dados (${names})`;
}

/** Parcels by status, under the names that the panel knows. */
export const statuses = (rows: readonly (readonly [string | null, number | null])[]) =>
  values(['status_rastreamento', 'total_pacotes'], rows);

/** One row of figures, each a numeric field, also where it has no value. */
export function figures(row: Readonly<Record<string, number | null>>): string {
  const fields = Object.entries(row).map(([name, value]) => `${value ?? 'NULL::float8'} AS "${name}"`);
  return `SELECT ${fields.join(', ')}`;
}

/** A series with a row an hour from the start of the gallery's time range. */
export function hourly(columns: readonly string[], rows: readonly (readonly number[])[]): string {
  const lines = rows.map(
    (row, hour) =>
      `  (timestamptz '2026-01-01 ${String(hour).padStart(2, '0')}:00:00+00', ${row.join(', ')})`,
  );
  return `SELECT * FROM (VALUES\n${lines.join(',\n')}\n) AS dados (time, ${columns.join(', ')})`;
}

/** So many statuses, each with fewer parcels than the one before it, the last with half as many as the first. */
export const manyStatuses = (count: number) =>
  `SELECT 'ETAPA ' || lpad(i::text, ${String(count).length}, '0') AS status_rastreamento, ` +
  `9 * (${2 * count + 1} - i) AS total_pacotes FROM generate_series(1, ${count}) AS i`;

function literal(cell: Cell): string {
  if (cell === null) return 'NULL';
  return typeof cell === 'number' ? String(cell) : `'${cell.replaceAll("'", "''")}'`;
}

/** The figures of the original's screenshot. */
export const ORIGINAL: readonly (readonly [string, number])[] = [
  ['ENTREGUE', 15],
  ['EM ROTA DE ENTREGA', 5],
  ['EXTRAVIADO', 5],
  ['CANCELADO', 2],
  ['AGUARDANDO RETIRADA', 1],
  ['EM TRÂNSITO', 1],
];

/** Statuses of the catalogue. */
export const CATALOGUE: readonly (readonly [string, number])[] = [
  ['ENTREGUE', 4210],
  ['EM TRÂNSITO', 1320],
  ['EM ROTA DE ENTREGA', 860],
  ['POSTADO', 640],
  ['AGUARDANDO RETIRADA', 310],
  ['TENTATIVA DE ENTREGA', 190],
  ['DEVOLVIDO', 95],
  ['CANCELADO', 60],
  ['EXTRAVIADO', 23],
];

/** 2 dias, 08:42:00 */
export const ORIGINAL_MEAN = figures({ tempo_medio_segundos: 204_120 });
