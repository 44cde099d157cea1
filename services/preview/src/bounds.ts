import { MacroError, type Fill } from '@rastreio/grafana/macros';

/** What one request may ask of this process. Grafana's own bounds are wider; a page that needs more cannot be read anyway. */
export interface Bounds {
  /** Rows of one query. */
  readonly rows: number;
  /** Numbers of all queries of a request together in the form of time series: series times instants. */
  readonly points: number;
  /** Bytes of text that the databases answer, of all queries of a request together. */
  readonly bytes: number;
}

export const BOUNDS: Bounds = { rows: 100_000, points: 1_000_000, bytes: 33_554_432 };

/** A query whose answer is larger than {@link Bounds}. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

const REMEDY = 'Escolha um intervalo de tempo menor, passos maiores ($__interval) ou um LIMIT na consulta.';
const number = (value: number) => value.toLocaleString('pt-BR');

/** Counts the rows of a query as they arrive. */
export interface RowMeter {
  /** What is wrong as soon as a bound is passed, long before all of the answer is here. */
  readonly take: (row: readonly (string | null)[]) => TooLargeError | undefined;
}

/** What the queries of one request share. */
export interface RequestMeter {
  readonly ofQuery: () => RowMeter;
  /** Counts numbers before they are made. @throws TooLargeError */
  readonly takePoints: (count: number) => void;
}

/** Meters for the queries of one request, which share its bytes and points. */
export function createMeter(bounds: Bounds): RequestMeter {
  let bytes = 0;
  let points = 0;
  return {
    takePoints(count) {
      points += count;
      checkPoints(points, bounds);
    },
    ofQuery() {
      let rows = 0;
      return {
        take(row) {
          rows += 1;
          // A cell without text still costs something.
          for (const cell of row) bytes += 8 + (cell?.length ?? 0);
          if (rows > bounds.rows)
            return new TooLargeError(`A consulta dá mais de ${number(bounds.rows)} linhas. ${REMEDY}`);
          return bytes > bounds.bytes ? tooManyBytes(bounds) : undefined;
        },
      };
    },
  };
}

/** The error of answers with more bytes than a request may have. */
export function tooManyBytes({ bytes }: Bounds): TooLargeError {
  return new TooLargeError(
    `As consultas deste painel dão mais de ${number(bytes / 1_048_576)} MB. ${REMEDY}`,
  );
}

/** @throws TooLargeError when filling the gaps of a range would give too many points */
export function checkFill(
  { intervalMs }: Fill,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  bounds: Bounds,
): void {
  if (intervalMs <= 0) throw new MacroError('the interval of $__timeGroup must be longer than 0');
  checkPoints(Math.ceil((toMs - fromMs) / intervalMs), bounds, ` (passos de ${number(intervalMs)} ms)`);
}

/** @throws TooLargeError for more points than a picture can show */
export function checkPoints(points: number, bounds: Bounds, detail = ''): void {
  if (points > bounds.points)
    throw new TooLargeError(
      `A consulta dá ${number(points)} pontos${detail}; são no máximo ${number(bounds.points)}. ${REMEDY}`,
    );
}
