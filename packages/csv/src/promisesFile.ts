import { readFile } from 'node:fs/promises';
import { createValidator, showValue } from '@rastreio/contract';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { CsvError, parse } from 'csv-parse/sync';

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
 * Reads a file of promises: UTF-8, the columns `origem,destino,prazo_dias`, separated by comma or semicolon, RFC 4180 quoting.
 * Places are cleaned as those of events are.
 *
 * @throws OperatorError that names file, line, field and value of all that is wrong; then nothing of the file is to be used
 */
export async function readPromises(file: string): Promise<LanePromise[]> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new OperatorError(`${file}: ${error.message}; check the path and the permissions`, EXIT.wrong, {
      cause: error,
    });
  });
  const problems: string[] = [];
  const lines = new Map<string, number>();
  const promises: LanePromise[] = [];
  for (const { line, cells } of rowsOf(file, text)) {
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

function rowsOf(file: string, text: string): { line: number; cells: Cells }[] {
  const header = (names: string[]) => {
    const columns = names.map((name) => name.trim().toLowerCase());
    const missing = COLUMNS.filter((column) => !columns.includes(column));
    if (missing.length > 0)
      throw new OperatorError(
        `${file}:1: the first line lacks ${missing.join(', ')}; write ${COLUMNS.join(',')}`,
      );
    return columns;
  };
  try {
    const rows = parse(text, {
      bom: true,
      columns: header,
      delimiter: /^[^\r\n]*;/.test(text) ? ';' : ',',
      info: true,
      skip_empty_lines: true,
    }) as unknown as { record: Cells; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ line: info.lines, cells: record }));
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
  const days = /^\d{1,4}$/.test(text.trim()) ? Number(text) : NaN;
  if (!(days >= 1 && days <= MAX_DAYS))
    return { problem: `prazo_dias: ${showValue(text)} is no promise; use whole days from 1 to ${MAX_DAYS}` };
  const places = validate({ ...REST, origem, destino });
  if (!places.ok) {
    const [{ field, detail }] = places.rejections;
    return { problem: `${field}: ${detail}` };
  }
  const { origem: from, destino: to } = places.event;
  if ((from === ANY) !== (to === ANY))
    return {
      problem: `origem, destino: ${from} to ${to} is no lane; use * for both, the default, or a place for both`,
    };
  return { promise: { origem: from, destino: to, prazo_dias: days } };
}
