import path from 'node:path';
import { benchKafka, rounded, rounds, runScript } from './support';

const EVENTS = 500_000;
const FAULTS = 'dup=.01,late=.02,malformed=.005,unknown=.001,naive=.001,future=.001,conflict=.001';
const WORLD = ['simulate', '--seed', '42', '--start', '2026-09-01T00:00:00Z', '--faults', FAULTS];

/** Messages per second, after the process has started. */
async function rate(name: string, ...args: string[]): Promise<Record<string, number>> {
  const summary = await runScript('cli/bin/rastreio.mjs', [...WORLD, '--count', String(EVENTS), ...args]);
  return { [name]: Number(summary.achieved_rate) };
}

/** Measures the simulator: into a file, with a ground truth, nowhere, and to a real broker. */
export async function benchSimulate({ rounds: count }: { rounds: number }): Promise<Record<string, unknown>> {
  const kafka = await benchKafka();
  try {
    const file = path.join(kafka.dir, 'events');
    const figures = await rounds(count, {
      nowhere: () => rate('nowhere', '--dry-run'),
      ndjson: () => rate('ndjson', '--out', `${file}.ndjson`),
      csv: () => rate('csv', '--out', `${file}.csv`),
      truth: () => rate('ndjson_with_truth', '--out', `${file}.ndjson`, '--ground-truth', `${file}.truth`),
      kafka: () => rate('kafka', '--brokers', kafka.brokers),
    });
    const per = (name: string) => (figures[name] ?? NaN) / (figures.nowhere ?? NaN);
    return {
      events: EVENTS,
      events_per_s: rounded(figures),
      ratios: rounded({ 'ndjson/nowhere': per('ndjson'), 'kafka/nowhere': per('kafka') }),
    };
  } finally {
    await kafka.stop();
  }
}
