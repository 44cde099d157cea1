import type { Validated } from '@rastreio/contract';
import { printable } from '@rastreio/runtime';
import type { DeadLetter, LetterSummary, ReasonCount } from './letters';
import { formatPlace } from './place';
import { showBytes, type Shown } from '../common/shown';

const DETAIL_CHARACTERS = 70;
/** Of a value, on the terminal and in the JSON; `--save` writes all of it. */
export const SHOWN_BYTES = 64 * 1024;

/** One line per dead letter. */
export function letterTable(letters: readonly LetterSummary[]): string {
  return table(
    ['PLACE', 'REJECTED', 'STATE', 'REASON', 'FIELD', 'DETAIL'],
    letters.map((l) => [
      formatPlace(l),
      l.rejeitado_em.toISOString(),
      l.estado,
      l.motivo,
      l.campo ?? '-',
      shorten(l.detalhe),
    ]),
  );
}

/** One line per reason, field and state. */
export function reasonTable(counts: readonly ReasonCount[]): string {
  return table(
    ['REASON', 'FIELD', 'STATE', 'TOTAL', 'FIRST', 'LAST'],
    counts.map((c) => [
      c.motivo,
      c.campo ?? '-',
      c.estado,
      String(c.total),
      c.primeiro.toISOString(),
      c.ultimo.toISOString(),
    ]),
  );
}

/** Everything about one dead letter. */
export function letterPage(letter: DeadLetter, today: Validated, replays: readonly LetterSummary[]): string {
  const lines: [string, string][] = [
    ['Place', formatPlace(letter)],
    ['State', letter.estado],
    ['Received', letter.recebido_em.toISOString()],
    ['Rejected', letter.rejeitado_em.toISOString()],
    ['Replayed', letter.reprocessado_em?.toISOString() ?? '-'],
    ['Accepted', letter.aceito_em?.toISOString() ?? '-'],
    ['Note', letter.nota ?? '-'],
    ['Reason', letter.motivo],
    ['Field', letter.campo ?? '-'],
    ['Detail', letter.detalhe],
    ['Key', describeBytes(showBytes(letter.chave, SHOWN_BYTES))],
    ...Object.entries(letter.cabecalhos).map(([name, value]): [string, string] => [
      'Header',
      `${name}: ${value}`,
    ]),
    ['Value', describeBytes(showBytes(letter.valor, SHOWN_BYTES))],
    ...describeToday(today),
    ...replays.map((r): [string, string] => [
      'Replayed as',
      `${formatPlace(r)}, rejected again: ${r.detalhe}`,
    ]),
  ];
  return lines.map(([name, value]) => `${name.padEnd(12)} ${printable(value)}\n`).join('');
}

function describeToday(today: Validated): [string, string][] {
  if (today.ok) return [['Today', `valid; a replay sends ${JSON.stringify(today.event)}`]];
  return today.rejections.map(({ reason, detail }): [string, string] => ['Today', `${reason}: ${detail}`]);
}

function describeBytes(shown: Shown | null): string {
  if (shown === null) return '(none)';
  const { encoding, text, bytes, cut } = shown;
  const size = `${bytes} bytes${encoding === 'hex' ? ', not UTF-8, in hexadecimal' : ''}`;
  return `(${size}${cut ? `; the first ${SHOWN_BYTES}, the rest with --save FILE` : ''}) ${text}`;
}

function shorten(text: string): string {
  const characters = Array.from(text);
  return characters.length > DETAIL_CHARACTERS
    ? `${characters.slice(0, DETAIL_CHARACTERS - 1).join('')}…`
    : text;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows.map((row) => row.map(printable))];
  const widths = head.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
