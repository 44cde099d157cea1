import { FieldType, toCSV, toDataFrame } from '@grafana/data';
import { type NumberFormat } from '../shared/locale';
import { type ExportText } from './types';
import { type TableColumn } from './columns';
import { type Slice } from '../statuses/types';

/** Tells spreadsheets that a file is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';
/**
 * What spreadsheets take for the start of a formula, full-width signs included, also after blanks and characters without
 * width, which some of them skip. https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^(?:[\t\r\n]|[\s\p{Cf}\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/u;
/** A signed number, and a unit in which nothing can be called or added. */
const NUMBER = /^[+-][\d.,\s]+[^=+\-@|!(]*$/;

/**
 * The rows as CSV that a spreadsheet of the panel's locale opens by itself: UTF-8 with a byte order mark, the locale's
 * decimal mark, and ";" between the columns where that mark is a comma. A text or title that a spreadsheet would run as a
 * formula gets an apostrophe in front.
 */
export function rowsToCsv(
  columns: TableColumn[],
  rows: Slice[],
  text: ExportText,
  numbers: NumberFormat
): string {
  const mark = numbers.decimalMark;
  const cell = (column: TableColumn, slice: Slice): string => {
    const value = text === 'shown' ? column.text(slice) : column.raw(slice);
    if (typeof value === 'number') {
      return String(value).replace('.', mark);
    }
    // A mapping may give a number any text.
    return column.numeric && NUMBER.test(value ?? '') ? (value ?? '') : harmless(value ?? '');
  };
  const frame = toDataFrame({
    fields: columns.map((column) => ({
      name: harmless(column.title),
      type: FieldType.string,
      values: rows.map((slice) => cell(column, slice)),
    })),
  });
  return BYTE_ORDER_MARK + toCSV([frame], { delimiter: mark === ',' ? ';' : ',' });
}

/** Line breaks of one kind: cells that have a carriage return alone would not be quoted. */
const harmless = (text: string) => (FORMULA.test(text) ? `'${text}` : text).replace(/\r\n?/g, '\n');
