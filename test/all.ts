import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Suites, timeTable } from './support/suites';

type Check = readonly [title: string, command: string];

/** Two lines that run side by side, one for each of two processors: none of these uses more than one for long. */
const CHECKS: readonly (readonly Check[])[] = [
  [
    ['lint', 'npx eslint . --max-warnings 0'],
    ['plugin types', 'npm run -s typecheck -w plugins/tracking-panel'],
    ['preview types', 'npm run -s typecheck -w services/preview'],
  ],
  [
    ['formatting', 'npx prettier --check . --log-level warn'],
    ['dashboards and rules', 'npm run -s grafana:lint'],
    ['types', 'npx tsc -p tsconfig.json'],
    ['types of pages', 'npx tsc -p test/gallery/page && npx tsc -p bench/panel/page'],
    ['plugin lint', 'npm run -s lint -w plugins/tracking-panel'],
    ['plugin translations', 'npm run -s i18n-extract -w plugins/tracking-panel -- --check'],
    ['plugin build', 'npm run -s build -w plugins/tracking-panel'],
    ['preview build', 'npm run -s build -w services/preview'],
  ],
];

const RESULT = path.resolve(__dirname, '../bench/results/ci.json');

const { record } = parseArgs({ options: { record: { type: 'boolean', default: false } } }).values;

void main();

/** Every suite of the repository; a table of their times, and a last line that sums them up. */
async function main(): Promise<void> {
  const [startedAt, suites] = [Date.now(), new Suites()];
  await Promise.all(
    CHECKS.map(async (line) => {
      for (const [title, command] of line) await suites.command(title, command);
    }),
  );
  await suites.jest('packages, services and stack', '.');
  await suites.jest('plugin tests', 'plugins/tracking-panel');
  await suites.jest('panel gallery', 'test/gallery');
  for (const database of ['auto', 'embedded'])
    await suites.command(`smoke, database ${database}`, `npm run -s smoke -- --database ${database}`);
  await suites.command('chaos', 'npm run -s chaos -- --events 200000 --faults 10 --seed 548');
  suites.close();
  const minutes = Math.round((Date.now() - startedAt) / 6_000) / 10;
  process.stdout.write(`\n${timeTable(suites.steps)}${minutes} minutes\n`);
  const { passed, failed, steps } = suites;
  if (record) {
    const result = {
      date: new Date().toISOString(),
      cores: availableParallelism(),
      minutes,
      passed,
      failed,
      steps,
    };
    mkdirSync(path.dirname(RESULT), { recursive: true });
    writeFileSync(RESULT, `${JSON.stringify(result, null, 2)}\n`);
  }
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
