import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Suites, timeTable } from './support/suites';

type Check = readonly [title: string, command: string];

/** What tells without running anything of ours whether the tree is in order: `npm run check`. The longest first, since two run side by side. */
const CHECKS: readonly Check[] = [
  ['lint', 'npx eslint . --max-warnings 0'],
  ['plugin lint', 'npm run -s lint -w plugins/tracking-panel'],
  ['plugin types', 'npm run -s typecheck -w plugins/tracking-panel'],
  ['formatting', 'npx prettier --check . --cache --cache-strategy content --log-level warn'],
  ['types', 'npm run -s tsc -- -p tsconfig.json'],
  ['types of pages', 'npm run -s tsc -- -p test/gallery/page && npm run -s tsc -- -p bench/panel/page'],
  ['preview types', 'npm run -s typecheck -w services/preview'],
  ['circles of imports', 'npm run -s circles'],
  ['unused files and exports', 'npm run -s unused'],
  ['dashboards and rules', 'npm run -s grafana:lint'],
  ['plugin translations', 'npm run -s i18n-extract -w plugins/tracking-panel -- --check'],
];

const BUILDS: readonly Check[] = [
  ['plugin build', 'npm run -s build -w plugins/tracking-panel'],
  ['preview build', 'npm run -s build -w services/preview'],
];

/** Of which `npm cit` runs a short form, which leaves out more of the same: other themes and widths, the other database, more faults. */
interface Long {
  /** See `packages/testing/src/form.ts` and `test/gallery`. */
  readonly form: 'short' | 'full';
  readonly databases: readonly string[];
  readonly chaos: string;
}

const SHORT: Long = {
  form: 'short',
  // Plain PostgreSQL has every test of what it does differently already.
  databases: ['auto'],
  // One fault of each place: before and after a commit, letters, a consumer that wakes as a zombie, a broker and a database that die.
  chaos:
    '--events 60000 --faults 5 --seed 548 --only killed_after_database_commit,killed_after_dead_letters,consumer_frozen,kafka_killed,database_killed',
};
const FULL: Long = {
  form: 'full',
  databases: ['auto', 'embedded'],
  chaos: '--events 200000 --faults 10 --seed 548',
};

const HELP = `npm test                 every suite, the long ones in their short form
npm run test:full        the long forms: both databases, all themes and widths, more faults
npm run check            the checks only: format, lint, types, imports, dashboards and rules
npm test -- --record     also write each suite's time to bench/results/ci.json
Exit codes: 0 all passed, 1 something failed, 2 usage.
One file: npx jest PATH
`;
const flag = { type: 'boolean', default: false } as const;
const { record, full, check, help } = readFlags();

if (help) process.stdout.write(HELP);
else void main();

/** Ends with 2 where the command line cannot be read. */
function readFlags() {
  try {
    const options = { record: flag, full: flag, check: flag, help: { ...flag, short: 'h' } } as const;
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

/** Every suite of the repository, with --full the long ones, with --check the checks only; a table of times, and a last line that sums up. */
async function main(): Promise<void> {
  const [startedAt, suites] = [Date.now(), new Suites()];
  if (check) await sideBySide(suites, CHECKS);
  else {
    if (!full) await sideBySide(suites, [...CHECKS, ...BUILDS]);
    await tests(suites, full ? FULL : SHORT);
  }
  suites.close();
  const minutes = Math.round((Date.now() - startedAt) / 6_000) / 10;
  process.stdout.write(`\n${timeTable(suites.steps)}${minutes} minutes\n`);
  const { passed, failed, steps } = suites;
  if (record) {
    const file = path.resolve(__dirname, `../bench/results/${full ? 'full' : 'ci'}.json`);
    const cores = availableParallelism();
    const result = { date: new Date().toISOString(), cores, minutes, passed, failed, steps };
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  }
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** In two lines, one for each of two processors: none of them uses more than one for long. */
async function sideBySide(suites: Suites, checks: readonly Check[]): Promise<void> {
  const left = checks.values();
  const line = async () => {
    for (const [title, command] of left) await suites.command(title, command);
  };
  await Promise.all([line(), line()]);
}

/** The second half in two lines again: chaos and smoke mostly wait, while the panel's tests compute. */
async function tests(suites: Suites, { form, databases, chaos }: Long): Promise<void> {
  const env = { TEST_FORM: form };
  await suites.jest('packages, services and stack', '.', env);
  const panel = async () => {
    if (form === 'short') await suites.jest('plugin tests', 'plugins/tracking-panel');
    await suites.jest('panel gallery', 'test/gallery', env);
  };
  const running = async () => {
    for (const database of databases)
      await suites.command(`smoke, database ${database}`, `npm run -s smoke -- --database ${database}`);
    await suites.command('chaos', `npm run -s chaos -- ${chaos}`);
  };
  await Promise.all([panel(), running()]);
}
