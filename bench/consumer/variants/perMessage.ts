import { runScript } from '../../support';
import { projectDatabase } from '../../servers';
import type { Variant } from './variant';

interface Limits {
  readonly messages: number;
  readonly seconds: number;
}

/** Both are far too slow for all events: their rate is that of the first ones. */
const NAIVE: Limits = { messages: 20_000, seconds: 20 };
const SEED: Limits = { messages: 500, seconds: 20 };

/** What most write first: one statement and one commit for each message, on one connection. */
export const naive = perMessage('naive', NAIVE);

/** The original's way: a connection of its own for each message. */
export const seed = perMessage('seed', SEED);

function perMessage(name: 'naive' | 'seed', { messages, seconds }: Limits): Variant {
  return {
    name,
    async run(bed, label) {
      const database = await projectDatabase(bed, label);
      try {
        const args = [name, bed.brokers, label, database.writerUrl, String(bed.postmaster)];
        const result = await runScript('bench/naiveConsumer.ts', [
          ...args,
          String(Math.min(messages, bed.events.count)),
          String(seconds),
        ]);
        return {
          rowsPerS: Number(result.rows_per_s),
          cpuUsPerRow: Number(result.cpu_us_per_row),
          peakMb: Number(result.peak_mb),
        };
      } finally {
        await database.drop();
      }
    },
  };
}
