type Cell = string | number | null;

/** A query that gives these rows and needs no table. */
export function values(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const names = columns.map((name) => (/^[a-z_]+$/.test(name) ? name : `"${name}"`)).join(', ');
  const lines = rows.map((row) => `  (${row.map(literal).join(', ')})`).join(',\n');
  return `SELECT * FROM (VALUES\n${lines}\n) AS dados (${names})`;
}

/** Packages by status, under the names that the panel knows. */
export const statuses = (rows: readonly (readonly [string | null, number | null])[]) =>
  values(['status_rastreamento', 'total_pacotes'], rows);

/** One row of figures, each a field. */
export const figures = (row: Readonly<Record<string, Cell>>) =>
  values(Object.keys(row), [Object.values(row)]);

function literal(cell: Cell): string {
  if (cell === null) return 'NULL';
  return typeof cell === 'number' ? String(cell) : `'${cell.replaceAll("'", "''")}'`;
}

/** The figures of the seed's screenshot. */
export const SEED: readonly (readonly [string, number])[] = [
  ['ENTREGUE', 15],
  ['EM ROTA DE ENTREGA', 5],
  ['EXTRAVIADO', 5],
  ['CANCELADO', 2],
  ['AGUARDANDO RETIRADA', 1],
  ['EM TRÂNSITO', 1],
];

/** The nine statuses of the catalogue. */
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
export const SEED_MEAN = figures({ tempo_medio_segundos: 204_120 });
