import type { LanePromise } from './carrier';
import { csvCell } from './encode';

/** Promises as a CSV file that `rastreio db promises` takes. */
export function promisesCsv(promises: readonly LanePromise[]): string {
  const lines = promises.map(({ origem, destino, prazo_dias: days }) =>
    [origem, destino, days].map(csvCell).join(','),
  );
  return `${['origem,destino,prazo_dias', ...lines].join('\n')}\n`;
}
