import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './support';

/** Keeps a result as `bench/results/DATE-NAME.json`, which docs/performance.md takes its figures from. A second one of a day replaces it. */
export function recordResult(name: string, result: Readonly<Record<string, unknown>>): void {
  const folder = path.join(ROOT, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const date = new Date().toISOString();
  writeFileSync(
    path.join(folder, `${date.slice(0, 10)}-${name}.json`),
    `${JSON.stringify({ date, ...result }, null, 2)}\n`,
  );
}
