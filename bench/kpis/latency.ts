import { readFileSync } from 'node:fs';
import path from 'node:path';
import { withClient } from '@rastreio/database';
import { ROOT } from '../support';
import type { MeasuredQuery } from './queries';

/** Milliseconds, from sending the text until the last row is read. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

const WARM_UP = 3;
/** What takes this long is not run as often: its percentiles need no more. */
const SLOW_MS = 1_000;
const SLOW_RUNS = 5;

/**
 * Runs each query `runs` times on one connection of Grafana's role, as Grafana does: the text without parameters, so that it is
 * planned each time. The first runs, which fill the caches, do not count.
 */
export async function measureLatencies(
  readerUrl: string,
  queries: readonly MeasuredQuery[],
  runs: number,
): Promise<Map<string, Latency>> {
  return withClient(readerUrl, async (client) => {
    const latencies = new Map<string, Latency>();
    for (const { name, sql } of queries) {
      const times: number[] = [];
      for (let run = -WARM_UP; run < runs; run++) {
        const time = await timed(() => client.query(sql(run + WARM_UP)));
        if (run >= 0) times.push(time);
        if (time > SLOW_MS && times.length >= SLOW_RUNS) break;
      }
      latencies.set(name, { p50: percentile(times, 0.5), p95: percentile(times, 0.95) });
    }
    return latencies;
  });
}

const REFERENCE = {
  'status_atual.sql': 'original: latest status',
  'tempo_medio_de_entrega.sql': 'original: mean time',
};

/** The original's two queries, once each: milliseconds by name. As the owner, since they take longer than Grafana's role may. */
export async function measureReference(ownerUrl: string): Promise<Record<string, number>> {
  return withClient(ownerUrl, async (client) => {
    const times: Record<string, number> = {};
    for (const [file, name] of Object.entries(REFERENCE)) {
      const sql = readFileSync(path.join(ROOT, 'sql/reference', file), 'utf8');
      times[name] = await timed(() => client.query(sql));
    }
    return times;
  });
}

/** The value that the given share of them does not exceed (nearest rank). */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? NaN;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
