import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createDecoder, DEFAULT_RULES } from '@rastreio/contract';

const DOCUMENT = readFileSync(path.resolve(__dirname, '../docs/ingestion.md'), 'utf8');
const EVENT = {
  id_pacote: '1333',
  origem: '"Natal"',
  destino: '"Acre"',
  status_rastreamento: '"POSTADO"',
  data_atualizacao: '"2025-10-13T17:40:00Z"',
};

/** The rows of the tables that have these columns, without the backticks about a cell. */
function rowsOf(...columns: string[]): string[][] {
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`([^]*)`$/, '$1'));
  const lines = DOCUMENT.split('\n');
  return lines.flatMap((line, i) => {
    if (!line.startsWith('|') || cells(line).join() !== columns.join()) return [];
    const end = lines.findIndex((later, k) => k > i && !later.startsWith('|'));
    return lines.slice(i + 2, end).map(cells);
  });
}

const send = (field: string, json: string, naiveTimezone?: string) => {
  const fields = Object.entries({ ...EVENT, [field]: json }).map(([name, value]) => `"${name}": ${value}`);
  return createDecoder({ ...DEFAULT_RULES, naiveTimezone })(Buffer.from(`{${fields.join(', ')}}`));
};
const READ = rowsOf('Field', 'Sent', 'Stored');
const NAIVE = rowsOf('Field', 'Sent with NAIVE_TIMEZONE', 'Stored');
const REFUSED = rowsOf('Field', 'Sent', 'Reason', 'Words');

test('the tables are found whole', () => {
  expect([READ.length > 30, NAIVE.length > 5, REFUSED.length > 20]).toEqual([true, true, true]);
  expect(new Set(READ.map(([field]) => field)).size).toBe(9);
});

test.each(READ)('%s %s is stored as %s', (field = '', json = '', stored) => {
  const result = send(field, json);
  expect(result.ok ? String(result.event[field as keyof typeof EVENT]) : result).toBe(stored);
});

test.each(NAIVE)('in a zone, %s %s is stored as %s', (field = '', json = '', stored) => {
  const result = send(field, json, 'America/Sao_Paulo');
  expect(result.ok ? result.event[field as keyof typeof EVENT] : result).toBe(stored);
});

test.each(REFUSED)('%s %s is refused as %s: %s', (field = '', json = '', reason = '', words = '') => {
  const result = send(field, json);
  expect(result).toMatchObject({ ok: false, rejections: [{ field, reason }] });
  if (result.ok) return;
  expect(result.rejections).toHaveLength(1);
  const [{ detail }] = result.rejections;
  expect(detail).toContain(` ${words}`);
  expect(detail).toContain('; send ');
  // What is quoted is what was sent.
  expect(JSON.parse(JSON.stringify(detail))).toContain(
    json.startsWith('"') ? JSON.stringify(JSON.parse(json)) : json,
  );
});
