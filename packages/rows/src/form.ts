export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];
/** CR CR LF is what CRLF becomes when it is written as text once more. */
export type LineBreak = '\r\r\n' | '\r\n' | '\n' | '\r';

/** A place in a file. */
export interface Position {
  readonly offset: number;
  /** Line that starts there, counted from 1. */
  readonly line: number;
}

/** What it takes to split a file into rows. */
export interface Form {
  readonly delimiter: Delimiter;
  readonly lineBreak: LineBreak;
  /** Where the rows begin. */
  readonly body: Position;
}

/** What Excel writes and reads before a header, to name the separator. */
export const SEP_LINE = /^"?sep=(?:[^"\w]|\\t)"?$/i;

/** Bytes to be read from any position: a file that is open, or what {@link inMemory} makes. */
export interface Bytes {
  read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number; readonly buffer: Buffer }>;
}

/** Bytes that are in memory already. */
export function inMemory(bytes: Buffer): Bytes {
  return {
    read(buffer, offset, length, position) {
      const bytesRead = bytes.copy(buffer, offset, position, position + length);
      return Promise.resolve({ bytesRead, buffer });
    },
  };
}

const [CR, LF] = [13, 10];

/** Whether a byte begins a line break. */
export function isBreak(byte: number | undefined): boolean {
  return byte === CR || byte === LF;
}

/** The line break that begins at a byte for which {@link isBreak} holds. */
export function breakAt(bytes: Buffer, at: number): LineBreak {
  if (bytes[at] === LF) return '\n';
  if (bytes[at + 1] === LF) return '\r\n';
  return bytes[at + 1] === CR && bytes[at + 2] === LF ? '\r\r\n' : '\r';
}
