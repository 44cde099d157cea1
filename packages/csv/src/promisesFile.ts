import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { cleanText, createValidator, isWhole, showValue } from '@rastreio/contract';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { CsvError, parse } from 'csv-parse/sync';
import { DELIMITERS, SEP_LINE } from '@rastreio/rows';

/** What is promised for a lane; `*` to `*` is what is promised where a lane has no promise of its own. */
export interface LanePromise {
  readonly origem: string;
  readonly destino: string;
  /** Whole days from the first event to the delivery. */
  readonly prazo_dias: number;
}

const COLUMNS = ['origem', 'destino', 'prazo_dias'] as const;
const ANY = '*';
const MAX_DAYS = 3650;
/** More would fill a terminal and help nobody. */
const SHOWN_PROBLEMS = 20;

type Cells = Readonly<Record<(typeof COLUMNS)[number], string>>;

/**
 * Reads a file of promises: UTF-8, the columns `origem,destino,prazo_dias`, in the forms in which event files come (see readLayout).
 * Places and names of columns are cleaned as those of events are; rows of separators only are passed over.
 *
 * @throws OperatorError that names file, line, field and value of all that is wrong; then nothing of the file is to be used
 */
export async function readPromises(file: string): Promise<LanePromise[]> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw new OperatorError(`${file}: ${error.message}; check the path and the permissions`, EXIT.wrong, {
      cause: error,
    });
  });
  if (!isUtf8(bytes) || bytes.subarray(0, 'origem'.length).includes(0))
    throw new OperatorError(`${file}: the file is not UTF-8; save it as UTF-8 and take it over again`);
  const problems: string[] = [];
  const lines = new Map<string, number>();
  const promises: LanePromise[] = [];
  for (const { line, cells } of rowsOf(file, bytes.toString('utf8'))) {
    const { promise, problem } = readPromise(cells);
    const lane = promise === undefined ? '' : JSON.stringify([promise.origem, promise.destino]);
    const earlier = lines.get(lane);
    if (promise === undefined) problems.push(`${file}:${line}: ${problem}`);
    else if (earlier !== undefined)
      problems.push(
        `${file}:${line}: origem, destino: ${promise.origem} to ${promise.destino} is in line ${earlier} too; keep one`,
      );
    else {
      lines.set(lane, line);
      promises.push(promise);
    }
  }
  if (problems.length > 0) {
    const more = problems.length - SHOWN_PROBLEMS;
    throw new OperatorError(
      [...problems.slice(0, SHOWN_PROBLEMS), ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    );
  }
  if (promises.length === 0) throw new OperatorError(`${file}: has no promise; write one lane a line`);
  return promises;
}

/** Text from its header on, and the number of lines before that: byte order marks, empty lines and Excel's `sep=;` say nothing. */
function withoutPreamble(whole: string): { text: string; before: number } {
  let text = whole.replace(/^\uFEFF+/, '');
  for (let before = 0; ; before++) {
    const [line = ''] = /^[^\r\n]*(?:\r*\n|\r)?/.exec(text) ?? [];
    const isNothing = line !== '' && (line.trim() === '' || SEP_LINE.test(line.trim()));
    if (!isNothing) return { text, before };
    text = text.slice(line.length);
  }
}

function rowsOf(file: string, whole: string): { line: number; cells: Cells }[] {
  const { text, before } = withoutPreamble(whole);
  const names = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const parts = (by: string) => names.split(by).length;
  const delimiter = DELIMITERS.reduce((best, other) => (parts(other) > parts(best) ? other : best));
  const header = (names: string[]) => {
    const columns = names.map((name) => cleanText(name).toLowerCase());
    const missing = COLUMNS.filter((column) => !columns.includes(column));
    if (missing.length > 0)
      throw new OperatorError(
        `${file}:${before + 1}: the first line lacks ${missing.join(', ')}; write ${COLUMNS.join(',')}`,
      );
    return columns;
  };
  try {
    const rows = parse(text, {
      columns: header,
      delimiter,
      info: true,
      record_delimiter: /\r(?!\r*\n)/.test(text) && !text.includes('\n') ? '\r' : ['\r\r\n', '\r\n', '\n'],
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    }) as unknown as { record: Cells; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ line: before + info.lines, cells: record }));
  } catch (error) {
    if (error instanceof CsvError)
      throw new OperatorError(`${file}:${String(error.lines)}: ${error.message}`);
    throw error;
  }
}

const validate = createValidator();
/** Makes an event of two places, so that the contract says what a place is. */
const REST = { id_pacote: 1, status_rastreamento: 'POSTADO', data_atualizacao: '2026-01-01T00:00:00Z' };

function readPromise({ origem, destino, prazo_dias: text }: Cells): {
  promise?: LanePromise;
  problem?: string;
} {
  const clean = cleanText(text);
  const days = /^\d{1,4}$/.test(clean) ? Number(clean) : NaN;
  if (!(days >= 1 && days <= MAX_DAYS))
    return { problem: `prazo_dias: ${showValue(text)} is no promise; use whole days from 1 to ${MAX_DAYS}` };
  const places = validate({ ...REST, origem, destino });
  if (!places.ok) {
    const [{ field, detail }] = places.rejections;
    return { problem: `${field}: ${detail}` };
  }
  if (!isWhole(places.event)) throw new RangeError('an event without a codigo has its places');
  const { origem: from, destino: to } = places.event;
  if ((from === ANY) !== (to === ANY))
    return {
      problem: `origem, destino: ${from} to ${to} is no lane; use * for both, the default, or a place for both`,
    };
  return { promise: { origem: from, destino: to, prazo_dias: days } };
}
