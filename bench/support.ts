import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { isFree, startKafka, type BrokerSettings } from '@rastreio/stack';
import { cleanUpWhenInterrupted, endWithUs } from './interrupt';

export const ROOT = path.resolve(__dirname, '..');

/** Figures of one round, by name. */
export type Figures = Readonly<Record<string, number>>;

/** Runs every measurement once a round, one after the other, so that a noisy moment hits all of them; the median counts. */
export async function rounds(
  count: number,
  measurements: Readonly<Record<string, () => Promise<Figures>>>,
): Promise<Figures> {
  const taken = new Map<string, number[]>();
  for (let round = 1; round <= count; round++) {
    for (const [name, measure] of Object.entries(measurements)) {
      for (const [figure, value] of Object.entries(await measure())) {
        taken.set(figure, [...(taken.get(figure) ?? []), value]);
        process.stderr.write(`round ${round}/${count}, ${name}: ${figure} = ${Math.round(value)}\n`);
      }
    }
  }
  return Object.fromEntries([...taken].map(([figure, values]) => [figure, median(values)]));
}

/** Of unsorted values; the mean of the two in the middle where their number is even. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

/** Rounded to three significant digits, as much as a noisy machine knows. */
export function rounded(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, n]) => [name, Number(n.toPrecision(3))]));
}

/** Rows as lines of text; all columns but the first are aligned to the right. */
export function alignedTable(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const line = (row: readonly string[]) =>
    row.map((text, i) => (i === 0 ? text.padEnd(width(i)) : text.padStart(width(i)))).join('  ');
  return rows.map(line).join('\n');
}

/** Free ports below those that the kernel gives to outgoing connections: one of these would take a port before a service listens. */
export async function benchPorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

export interface BenchKafka {
  readonly brokers: string;
  readonly dir: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** A broker of its own with the project's topics. */
export async function benchKafka(settings: BrokerSettings = {}): Promise<BenchKafka> {
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-bench-'));
  // As root, a database beside it runs as another user, who has to get in.
  await chmod(dir, 0o711);
  const [internal = 0, external = 0, controller = 0] = await benchPorts(3);
  cleanUpWhenInterrupted(dir);
  const kafka = endWithUs(await startKafka({ dir, ports: { internal, external, controller }, settings }));
  await ensureTopics({ brokers: kafka.brokers, log: createLog('bench', 'silent') });
  return {
    brokers: kafka.brokers,
    pid: kafka.pid,
    dir,
    stop: async () => {
      await kafka.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Runs one of our TypeScript files in a process of its own and gives the JSON of its last line. */
export async function runScript(file: string, args: readonly string[]): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(ROOT, file), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with exit code ${code}`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

/** What the figures were taken on. */
export function machine(): Record<string, unknown> {
  return {
    cpus: cpus().length,
    cpu: cpus()[0]?.model.trim(),
    memory_gb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    // Others may be at work on it: above the number of CPUs, everything is slower than it could be.
    load_average: loadavg().map((load) => Math.round(load * 10) / 10),
  };
}
