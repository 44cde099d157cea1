import { cleanText, foldText } from '@rastreio/contract';
import {
  breakAt,
  DELIMITERS,
  inMemory,
  isBreak,
  SEP_LINE,
  splitRows,
  type Delimiter,
  type Form,
  type RowProblem,
} from '@rastreio/rows';
import { parse } from 'csv-parse/sync';
import { problem, type Item } from './item';
import type { SourceProfile } from './profile';
import { SEPARATORS } from './tableSchema';

interface Table extends Form {
  /** Names of the columns as the header has them, cleaned. */
  readonly header: readonly string[];
}

/**
 * The events in a CSV: one a row, or where the profile has steps, one for each of a row's step columns that says something. A row is
 * an object of its cells by the header's names and by those that the profile gives them.
 */
export async function* readCsv(profile: SourceProfile, text: string): AsyncGenerator<Item> {
  const bytes = Buffer.from(text);
  const table = readTable(profile, bytes);
  const missing = missingColumns(profile, table.header);
  if (missing.length > 0) {
    yield problem(
      `line ${table.body.line - 1}`,
      `the header lacks ${missing.map((name) => JSON.stringify(name)).join(', ')}; it names ${table.header.map((name) => JSON.stringify(name)).join(', ') || 'nothing'}, read with the separator ${JSON.stringify(table.delimiter)}`,
    );
    return;
  }
  const twice = neededColumns(profile).filter(
    (title) => table.header.filter((name) => foldText(name) === foldText(title)).length > 1,
  );
  if (twice.length > 0) {
    const names = twice.map((name) => JSON.stringify(name)).join(', ');
    yield problem(
      `line ${table.body.line - 1}`,
      `the header names ${names} twice; rename the column that is not meant`,
    );
    return;
  }
  const rows = splitRows(inMemory(bytes), profile.name, table);
  for (;;) {
    let next;
    try {
      next = await rows.next();
    } catch (error) {
      // A line that is longer than any row; what comes after it cannot be told.
      yield problem(`line ${table.body.line}`, (error as Error).message);
      return;
    }
    if (next.done === true) return;
    const { line, cells, problem: broken } = next.value;
    const where = `line ${line}`;
    // A character per byte, as they come from the splitter.
    const texts = cells.map((cell) => Buffer.from(cell, 'latin1').toString('utf8'));
    if (broken !== undefined) yield problem(where, PROBLEMS[broken]);
    else if (
      texts.length > table.header.length &&
      texts.slice(table.header.length).some((cell) => cell.trim() !== '')
    )
      yield problem(
        where,
        `the line has ${texts.length} values and the header names ${table.header.length} columns; put a text that contains ${table.delimiter} into quotes`,
      );
    else if (texts.some((cell) => cell.trim() !== '')) yield* rowItems(profile, table, where, texts);
  }
}

const PROBLEMS: Readonly<Record<RowProblem, string>> = {
  quoting:
    'a quote " opens and is never closed, stands within an unquoted value, or is followed by more text; put the whole value into quotes and double each quote within it',
  too_large: 'the line is longer than any row; is a quote " missing in it?',
};

function* rowItems(
  profile: SourceProfile,
  { header }: Table,
  where: string,
  cells: readonly string[],
): Generator<Item> {
  const { columns = {}, steps } = profile.csv ?? {};
  const byHeader = header.map((name, i) => [name, cells[i] ?? ''] as const);
  const named = Object.entries(columns).map(
    ([name, title]) => [name, cells[indexOf(header, title)] ?? ''] as const,
  );
  const value = Object.fromEntries([...byHeader, ...named]);
  if (steps === undefined) {
    yield { ok: true, where, value, bindings: {} };
    return;
  }
  for (const { word, status } of steps.values()) {
    const i = indexOf(header, columns[word] ?? word);
    const cell = (cells[i] ?? '').trim();
    if (cell === '') continue;
    const column = header[i] ?? word;
    yield { ok: true, where: `${where}, column ${column}`, value, bindings: { value: cell, column }, status };
  }
}

/** What the header has to name, each once. */
function neededColumns({ csv }: SourceProfile): readonly string[] {
  const { columns = {}, steps } = csv ?? {};
  const ofSteps = [...(steps?.values() ?? [])].map(({ word }) => columns[word] ?? word);
  return [...new Set([...Object.values(columns), ...ofSteps])];
}

function missingColumns(profile: SourceProfile, header: readonly string[]): readonly string[] {
  return neededColumns(profile).filter((title) => indexOf(header, title) < 0);
}

function indexOf(header: readonly string[], title: string): number {
  const sought = foldText(title);
  return header.findIndex((name) => foldText(name) === sought);
}

/** Reads the header: the first line that is not empty, after Excel's `sep=`. */
function readTable(profile: SourceProfile, bytes: Buffer): Table {
  let [start, line] = [0, 1];
  let said: Delimiter | undefined;
  for (;;) {
    while (isBreak(bytes[start])) {
      start += breakAt(bytes, start).length;
      line++;
    }
    const end = endOfLine(bytes, start);
    const text = bytes.toString('utf8', start, end);
    const lineBreak = end < bytes.length ? breakAt(bytes, end) : '\n';
    const next = Math.min(bytes.length, end + lineBreak.length);
    if (SEP_LINE.test(text)) {
      const sign = /=(.+?)"?$/.exec(text)?.[1] ?? '';
      said = DELIMITERS.find((delimiter) => delimiter === (sign === '\\t' ? '\t' : sign));
      start = next;
      line++;
      continue;
    }
    // Names in quotes may hold line breaks.
    line += text.split(/\r\n|\n|\r/).length;
    const delimiter = SEPARATORS[profile.csv?.separator ?? 'auto'] ?? said ?? likeliest(profile, text);
    return { header: namesBy(text, delimiter), delimiter, lineBreak, body: { offset: next, line } };
  }
}

/** The end of a header, whose names in quotes may hold line breaks. */
function endOfLine(bytes: Buffer, start: number): number {
  let quoted = false;
  for (let i = start; i < bytes.length; i++) {
    if (bytes[i] === 0x22) quoted = !quoted;
    else if (!quoted && isBreak(bytes[i])) return i;
  }
  // A quote that is never closed: then the line ends where it ends.
  const end = bytes.subarray(start).findIndex(isBreak);
  return end < 0 ? bytes.length : start + end;
}

/** The separator by which most of the profile's columns are there, or else the one that is there most often. */
function likeliest(profile: SourceProfile, header: string): Delimiter {
  const counted = DELIMITERS.map((delimiter) => {
    const names = namesBy(header, delimiter);
    return { delimiter, missing: missingColumns(profile, names).length, names: names.length };
  });
  return counted.reduce((best, other) =>
    other.missing < best.missing || (other.missing === best.missing && other.names > best.names)
      ? other
      : best,
  ).delimiter;
}

function namesBy(header: string, delimiter: Delimiter): readonly string[] {
  try {
    const [names = []] = parse(header, { delimiter, relax_quotes: true, relax_column_count: true });
    return names.map(cleanText);
  } catch {
    // Quotes that are never closed; the columns that the profile asks for will hardly be there, which is what is said then.
    return header.split(delimiter).map(cleanText);
  }
}
