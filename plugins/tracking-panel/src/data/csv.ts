import { FieldType, toCSV, toDataFrame } from '@grafana/data';
import { decimalMark } from '../locale';
import { type ExportText } from '../tableTypes';
import { type TableColumn } from './columns';
import { type Slice } from './slices';

/** Tells spreadsheets that a file is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';
/** What spreadsheets take for the start of a formula. https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * The rows as CSV that the viewer's spreadsheet opens by itself: UTF-8 with a byte order mark, the viewer's decimal mark,
 * and ";" between the columns where that mark is a comma. A text that a spreadsheet would run as a formula gets an
 * apostrophe in front.
 */
export function rowsToCsv(columns: TableColumn[], rows: Slice[], text: ExportText): string {
  const mark = decimalMark();
  const cell = (column: TableColumn, slice: Slice): string => {
    const value = text === 'shown' ? column.text(slice) : column.raw(slice);
    if (typeof value === 'number') {
      return String(value).replace('.', mark);
    }
    return value !== null && !column.numeric && FORMULA.test(value) ? `'${value}` : (value ?? '');
  };
  const frame = toDataFrame({
    fields: columns.map((column) => ({
      name: column.title,
      type: FieldType.string,
      values: rows.map((slice) => cell(column, slice)),
    })),
  });
  return BYTE_ORDER_MARK + toCSV([frame], { delimiter: mark === ',' ? ';' : ',' });
}
