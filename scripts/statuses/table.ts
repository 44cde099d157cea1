import { STATUS_CATALOGUE } from '@rastreio/contract';
import { between } from '../marked';

/** The page with the table of statuses between its two marks. @throws Error where it has none */
export function withTable(page: string): string {
  return between(page, 'statuses:write', statusTable());
}

/** In the form of prettier: columns as wide as their longest cell. */
function statusTable(): string {
  const rows = [
    ['Status', 'Meaning', 'Rank', 'Final', 'Color', 'Pattern'],
    ...STATUS_CATALOGUE.map(({ status, english, rank, terminal, color, pattern }) => [
      `\`${status}\``,
      english,
      String(rank),
      terminal ? 'yes' : 'no',
      `\`${color}\``,
      `\`${pattern}\``,
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const [head, ...body] = rows.map(
    (row) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |\n`,
  );
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |\n`, ...body].join('');
}
