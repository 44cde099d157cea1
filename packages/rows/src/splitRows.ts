import { MAX_MESSAGE_BYTES } from '@rastreio/contract';
import { CsvError, parse, type InfoRecord, type Parser } from 'csv-parse';
import type { Bytes, Delimiter, Form, LineBreak, Position } from './form';
import { readLine, type Line } from './readLine';

/** What is wrong with a row as a whole. */
export type RowProblem = 'quoting' | 'too_large';

export interface RawRow {
  /** Line of the file on which the row starts, counted from 1. */
  readonly line: number;
  /** Offset in the file at which the row ends. */
  readonly end: number;
  /** The row as it stands in the file, without the line break at its end. */
  readonly raw: Buffer;
  /** Binary strings, a character per byte; none where there is a problem. */
  readonly cells: readonly string[];
  readonly problem?: RowProblem;
}

const CHUNK_BYTES = 64 * 1024;

/**
 * Splits a file into rows of cells (RFC 4180), in constant memory. Empty lines are passed over. A line with broken quoting, such
 * as a quote that is never closed, becomes a row with a problem, and reading goes on with the line after it, so that one bad
 * line costs no other.
 *
 * @throws OperatorError when a line is too long to be one, Error when the file cannot be read
 */
export async function* splitRows(handle: Bytes, file: string, layout: Form): AsyncGenerator<RawRow, void> {
  let from = layout.body;
  for (;;) {
    const unreadable: Position | null = yield* splitFrom(handle, layout, from);
    const bad: Line | null = unreadable && (await readLine(handle, file, unreadable, layout.lineBreak));
    if (bad === null) return;
    const { raw, next } = bad;
    yield { line: next.line - 1, end: next.offset, raw, cells: [], problem: problemOf(raw) };
    from = next;
  }
}

function problemOf({ length }: Buffer): RowProblem {
  return length > MAX_MESSAGE_BYTES ? 'too_large' : 'quoting';
}

/**
 * Splits up to the end (null) or to a row that cannot be told from those after it: then the position before that row and the
 * empty lines that precede it.
 */
async function* splitFrom(
  handle: Bytes,
  layout: Form,
  from: Position,
): AsyncGenerator<RawRow, Position | null> {
  const collected = new RowCollector(layout, from);
  const parser = createParser(layout, (record, info) => collected.add(record, info));
  let endedBefore = 0;
  let endedAt = from.offset;
  for (let offset = from.offset; ;) {
    // csv-parse keeps a view of the chunk, so each one needs memory of its own.
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, offset);
    const error = await feed(parser, bytesRead > 0 ? chunk.subarray(0, bytesRead) : null);
    yield* collected.take();
    if (error !== null) {
      if (error instanceof CsvError || error instanceof Unreadable) return collected.position;
      throw error;
    }
    if (bytesRead === 0) return null;
    offset += bytesRead;
    // max_record_size does not count separators: a run of them would fill the memory.
    const ended = parser.info.records + parser.info.empty_lines;
    if (ended > endedBefore) [endedBefore, endedAt] = [ended, offset];
    else if (offset - endedAt > MAX_MESSAGE_BYTES) return collected.position;
  }
}

/** A row with broken quoting that runs over several lines: its end is anyone's guess. */
class Unreadable extends Error {}

interface ParsedRecord {
  readonly record: readonly string[];
  readonly raw: string;
}

/** Takes what csv-parse finds, and keeps count of lines: csv-parse counts CRLF within quotes twice. */
class RowCollector {
  private rows: RawRow[] = [];
  private line: number;
  private offset: number;
  private readonly newline: string;
  private readonly wellQuoted: RegExp;

  constructor(
    layout: Form,
    private readonly from: Position,
  ) {
    this.line = from.line;
    this.offset = from.offset;
    this.newline = layout.lineBreak === '\r' ? '\r' : '\n';
    this.wellQuoted = WELL_QUOTED[layout.delimiter];
  }

  /** Where the row after those collected begins, or the empty lines before it. */
  get position(): Position {
    return { offset: this.offset, line: this.line };
  }

  add({ record, raw }: ParsedRecord, { bytes }: Pick<InfoRecord, 'bytes'>): void {
    // csv-parse leaves a character for each empty line before the row, and of a CRLF the CR.
    const text = raw.replace(/^[\r\n]+/, '').replace(/(\r*\n|\r)$/, '');
    const emptyLines = raw.search(/[^\r\n]/);
    const lines = count(text, this.newline) + 1;
    // A lone CR at the file's end.
    if (text === '') return;
    const broken = text.includes('"') && !this.wellQuoted.test(text);
    if (broken && lines > 1) throw new Unreadable();
    this.line += Math.max(0, emptyLines);
    this.offset = this.from.offset + bytes;
    const row = { line: this.line, end: this.offset, raw: Buffer.from(text, 'latin1') };
    this.rows.push(broken ? { ...row, cells: [], problem: 'quoting' } : { ...row, cells: record });
    this.line += lines;
  }

  take(): readonly RawRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }
}

const WELL_QUOTED: Readonly<Record<Delimiter, RegExp>> = {
  ',': /^(?:"[^"]*(?:""[^"]*)*"|[^",]*)(?:,(?:"[^"]*(?:""[^"]*)*"|[^",]*))*$/,
  ';': /^(?:"[^"]*(?:""[^"]*)*"|[^";]*)(?:;(?:"[^"]*(?:""[^"]*)*"|[^";]*))*$/,
  '\t': /^(?:"[^"]*(?:""[^"]*)*"|[^"\t]*)(?:\t(?:"[^"]*(?:""[^"]*)*"|[^"\t]*))*$/,
  '|': /^(?:"[^"]*(?:""[^"]*)*"|[^"|]*)(?:\|(?:"[^"]*(?:""[^"]*)*"|[^"|]*))*$/,
};

const RECORD_DELIMITERS: Readonly<Record<LineBreak, string[]>> = {
  '\r\r\n': ['\r\r\n', '\r\n', '\n'],
  '\r\n': ['\r\r\n', '\r\n', '\n'],
  '\n': ['\r\r\n', '\r\n', '\n'],
  '\r': ['\r'],
};

function createParser(
  { delimiter, lineBreak }: Form,
  onRecord: (record: ParsedRecord, info: InfoRecord) => void,
): Parser {
  const parser = parse({
    delimiter,
    // Each byte one character and back; separators, quotes and line breaks are ASCII in every encoding we read.
    encoding: 'latin1',
    max_record_size: MAX_MESSAGE_BYTES,
    // Rows are collected here and not in the stream, which throws away what it holds at an error.
    on_record: (record, info) => {
      onRecord(record as unknown as ParsedRecord, info);
      return null;
    },
    raw: true,
    record_delimiter: RECORD_DELIMITERS[lineBreak],
    relax_column_count: true,
    // Lets csv-parse go on after a stray quote; RowCollector finds those rows.
    relax_quotes: true,
    skip_empty_lines: true,
  });
  // Every error also comes through the callback in feed().
  parser.on('error', () => undefined);
  parser.resume();
  return parser;
}

/** Gives the parser a chunk, null for the end, and answers with what the parser makes of it: null, or its error. */
function feed(parser: Parser, chunk: Buffer | null): Promise<Error | null> {
  return new Promise((resolve) => {
    const done = (error?: Error | null) => resolve(error ?? null);
    if (chunk === null) parser.end(done);
    else parser.write(chunk, done);
  });
}

function count(text: string, character: string): number {
  let n = 0;
  for (let i = text.indexOf(character); i >= 0; i = text.indexOf(character, i + 1)) n++;
  return n;
}
