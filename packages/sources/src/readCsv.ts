import { cleanText, foldText, showValue } from '@rastreio/contract';
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
import type { Pause } from './pause';
import type { SourceProfile } from './profile';
import { SEPARATORS } from './tableSchema';

/** A header, taken apart once: folding its names for each cell would take longer than all else. */
interface Header {
  /** Names of the columns, cleaned. */
  readonly names: readonly string[];
  /** By folded name, the first column that is called so. */
  readonly first: ReadonlyMap<string, number>;
  /** Folded names of more than one column. */
  readonly twice: ReadonlySet<string>;
}

interface Table extends Form {
  readonly header: Header;
}

const MAX_COLUMNS = 1_000;
const MAX_HEADER_LENGTH = 100_000;
/** Of a header in a problem. */
const MAX_NAMES_SHOWN = 20;

/**
 * The events in a CSV: one a row, or where the profile has steps, one for each of a row's step columns that says something. A row is
 * an object of its cells by the header's names and by those that the profile gives them.
 */
export async function* readCsv(profile: SourceProfile, text: string, pause: Pause): AsyncGenerator<Item> {
  const bytes = Buffer.from(text);
  const needed = neededColumns(profile);
  const table = readTable(profile, bytes, needed);
  const wrong = wrongHeader(table, needed);
  if (wrong !== null) {
    yield problem(`line ${table.body.line - 1}`, wrong);
    return;
  }
  const columns = columnsOf(profile, table.header);
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
    await pause();
    const { line, cells, problem: broken } = next.value;
    const where = `line ${line}`;
    const { names } = table.header;
    if (broken !== undefined) yield problem(where, PROBLEMS[broken]);
    else if (cells.length > names.length && cells.slice(names.length).some((cell) => cell.trim() !== ''))
      yield problem(
        where,
        `the line has ${cells.length} values and the header names ${names.length} columns; put a text that contains ${table.delimiter} into quotes`,
      );
    else {
      // A character per byte, as they come from the splitter.
      const texts = cells.slice(0, names.length).map((cell) => Buffer.from(cell, 'latin1').toString('utf8'));
      if (texts.some((cell) => cell.trim() !== '')) yield* rowItems(columns, names, where, texts);
    }
  }
}

const PROBLEMS: Readonly<Record<RowProblem, string>> = {
  quoting:
    'a quote " opens and is never closed, stands within an unquoted value, or is followed by more text; put the whole value into quotes and double each quote within it',
  too_large: 'the line is longer than any row; is a quote " missing in it?',
};

/** Where a profile's columns stand in a header. */
interface Columns {
  readonly named: readonly (readonly [name: string, at: number])[];
  /** Null: a row is one event. */
  readonly steps: readonly { readonly status: string; readonly at: number; readonly column: string }[] | null;
}

function columnsOf({ csv }: SourceProfile, { names, first }: Header): Columns {
  const { columns = {}, steps } = csv ?? {};
  const at = (title: string) => first.get(foldText(title)) ?? -1;
  return {
    named: Object.entries(columns).map(([name, title]) => [name, at(title)]),
    steps:
      steps === undefined
        ? null
        : [...steps.values()].map(({ word, status }) => {
            const i = at(columns[word] ?? word);
            return { status, at: i, column: names[i] ?? word };
          }),
  };
}

function* rowItems(
  { named, steps }: Columns,
  names: readonly string[],
  where: string,
  cells: readonly string[],
): Generator<Item> {
  const value = Object.fromEntries([
    ...names.map((name, i) => [name, cells[i] ?? ''] as const),
    ...named.map(([name, at]) => [name, cells[at] ?? ''] as const),
  ]);
  if (steps === null) {
    yield { ok: true, where, value, bindings: {} };
    return;
  }
  for (const { status, at, column } of steps) {
    const cell = (cells[at] ?? '').trim();
    if (cell === '') continue;
    yield { ok: true, where: `${where}, column ${column}`, value, bindings: { value: cell, column }, status };
  }
}

/** What the header has to name, each once. */
function neededColumns({ csv }: SourceProfile): readonly string[] {
  const { columns = {}, steps } = csv ?? {};
  const ofSteps = [...(steps?.values() ?? [])].map(({ word }) => columns[word] ?? word);
  return [...new Set([...Object.values(columns), ...ofSteps])];
}

function missingColumns(needed: readonly string[], { first }: Header): readonly string[] {
  return needed.filter((title) => !first.has(foldText(title)));
}

/** Why no row can be read below a header; null: it is right. */
function wrongHeader({ header, delimiter }: Table, needed: readonly string[]): string | null {
  const { names, twice } = header;
  const separated = `read with the separator ${JSON.stringify(delimiter)}`;
  if (names.length > MAX_COLUMNS)
    return `the header names ${names.length} columns, ${separated}; send at most ${MAX_COLUMNS}`;
  const missing = missingColumns(needed, header);
  if (missing.length > 0)
    return `the header lacks ${listed(missing)}; it names ${listed(names) || 'nothing'}, ${separated}`;
  const ambiguous = needed.filter((title) => twice.has(foldText(title)));
  if (ambiguous.length > 0)
    return `the header names ${listed(ambiguous)} twice; rename the column that is not meant`;
  return null;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES_SHOWN).map(showValue).join(', ');
  return names.length > MAX_NAMES_SHOWN ? `${shown} and ${names.length - MAX_NAMES_SHOWN} others` : shown;
}

/** Reads the header: the first line that is not empty, after Excel's `sep=`. */
function readTable(profile: SourceProfile, bytes: Buffer, needed: readonly string[]): Table {
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
    const delimiter = SEPARATORS[profile.csv?.separator ?? 'auto'] ?? said ?? likeliest(needed, text);
    return { header: headerBy(text, delimiter), delimiter, lineBreak, body: { offset: next, line } };
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
function likeliest(needed: readonly string[], text: string): Delimiter {
  const counted = DELIMITERS.map((delimiter) => {
    const header = headerBy(text, delimiter);
    return { delimiter, missing: missingColumns(needed, header).length, names: header.names.length };
  });
  return counted.reduce((best, other) =>
    other.missing < best.missing || (other.missing === best.missing && other.names > best.names)
      ? other
      : best,
  ).delimiter;
}

function headerBy(text: string, delimiter: Delimiter): Header {
  const names = namesBy(text, delimiter);
  const first = new Map<string, number>();
  const twice = new Set<string>();
  // Of more columns nothing is read.
  if (names.length <= MAX_COLUMNS)
    for (const [i, name] of names.entries()) {
      const folded = foldText(name);
      if (first.has(folded)) twice.add(folded);
      else first.set(folded, i);
    }
  return { names, first, twice };
}

function namesBy(text: string, delimiter: Delimiter): readonly string[] {
  // A header that long is none, and to clean each of its names would take long.
  const raw = text.length > MAX_HEADER_LENGTH ? text.split(delimiter) : parsed(text, delimiter);
  return raw.length > MAX_COLUMNS ? raw : raw.map(cleanText);
}

function parsed(text: string, delimiter: Delimiter): readonly string[] {
  try {
    const [names = []] = parse(text, { delimiter, relax_quotes: true, relax_column_count: true });
    return names;
  } catch {
    // Quotes that are never closed; the columns that the profile asks for will hardly be there, which is what is said then.
    return text.split(delimiter);
  }
}
