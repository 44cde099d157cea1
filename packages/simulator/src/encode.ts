import type { ExpectedRejection, Message } from './message';
import { tellPlainly, type ToldEvent } from './told';

/** Columns of an event file, in the order in which they are written. */
export const CSV_HEADER = 'id_pacote,origem,destino,status_rastreamento,data_atualizacao';
const CSV_COLUMNS = CSV_HEADER.split(',');

/** How messages are written to a target. */
export interface Format {
  /** Without the line break at its end. */
  readonly text: (message: Message) => string;
  /** What the pipeline must say to that text; null: it is accepted. */
  readonly rejection: (message: Message) => ExpectedRejection | null;
  /** The event that the database must make of a message that is accepted and takes none back. */
  readonly tell: (message: Message) => ToldEvent;
}

/** For Kafka, the HTTP source and NDJSON files. A text never contains a line break. */
export const JSON_FORMAT: Format = {
  text: ({ body }) => (typeof body === 'string' ? body : JSON.stringify(body)),
  rejection: ({ rejection }) => rejection,
  tell: tellPlainly,
};

/**
 * CSV by RFC 4180. A cell cannot be missing, an array or of another type, so some broken events are broken differently: what
 * is no event at all becomes a line with one cell.
 */
export const CSV_FORMAT: Format = {
  text: ({ body }) => {
    if (typeof body === 'string') return csvCell(body);
    const values = body as Readonly<Record<string, unknown>>;
    return CSV_COLUMNS.map((column) => csvCell(values[column])).join(',');
  },
  rejection: ({ body, rejection }) => {
    if (rejection === null) return null;
    if (typeof body === 'string') return { reason: 'wrong_type', field: 'id_pacote' };
    if (rejection.reason === 'missing_field') return { ...rejection, reason: 'empty' };
    return rejection;
  },
  tell: tellPlainly,
};

/** A value as a cell of a CSV file (RFC 4180). */
export function csvCell(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
