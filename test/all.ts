import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

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
    ['circles of imports', 'npm run -s circles'],
    ['unused files and exports', 'npm run -s unused'],
    ['dashboards and rules', 'npm run -s grafana:lint'],
    ['types', 'npx tsc -p tsconfig.json'],
    ['types of pages', 'npx tsc -p test/gallery/page && npx tsc -p bench/panel/page'],
    ['plugin lint', 'npm run -s lint -w plugins/tracking-panel'],
    ['plugin translations', 'npm run -s i18n-extract -w plugins/tracking-panel -- --check'],
    ['plugin build', 'npm run -s build -w plugins/tracking-panel'],
    ['preview build', 'npm run -s build -w services/preview'],
  ],
];

const root = path.resolve(__dirname, '..');
const results = mkdtempSync(path.join(tmpdir(), 'rastreio-results-'));
const total = { passed: 0, failed: 0 };

void main();

/** Every suite of the repository; the last line sums them up. */
async function main(): Promise<void> {
  await Promise.all(
    CHECKS.map(async (line) => {
      for (const [title, command] of line) await suite(title, command);
    }),
  );
  await jest('packages, services and stack', '.');
  await jest('plugin tests', 'plugins/tracking-panel');
  await jest('panel gallery', 'test/gallery');
  for (const database of ['auto', 'embedded'])
    await suite(`smoke, database ${database}`, `npm run -s smoke -- --database ${database}`);
  await suite('chaos', 'npm run -s chaos -- --events 200000 --faults 10 --seed 548');
  rmSync(results, { recursive: true, force: true });
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

/** A command that passes or fails as a whole. */
async function suite(title: string, command: string): Promise<void> {
  const ok = await run(title, command, root);
  total[ok ? 'passed' : 'failed']++;
}

/** A jest run, counted by test; a suite that cannot even load, or a run without any test, is a failure. */
async function jest(title: string, folder: string): Promise<void> {
  const file = path.join(results, `${title}.json`);
  const ok = await run(
    title,
    `npx jest --ci --json --outputFile="${file}"`,
    path.join(root, folder),
    'stderr',
  );
  const report = readReport(file);
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
  if (!ok && report.numFailedTests + report.numRuntimeErrorTestSuites === 0) total.failed++;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

function readReport(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    // jest ended before it could write: its exit code counts it as one failure.
    return { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
  }
}

async function run(
  title: string,
  command: string,
  cwd: string,
  shown: 'all' | 'stderr' = 'all',
): Promise<boolean> {
  process.stdout.write(`\n== ${title}: ${command.split(' --json')[0]}\n`);
  const startedAt = Date.now();
  // jest's JSON goes to stdout as well; its readable report is on stderr.
  const stdio = ['ignore', shown === 'all' ? 'inherit' : 'ignore', 'inherit'] as const;
  const child = spawn(command, { cwd, shell: true, stdio: [...stdio] });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  process.stdout.write(
    `== ${title}: ${code === 0 ? 'ok' : `failed with exit code ${code}`} in ${Math.round((Date.now() - startedAt) / 1000)} s\n`,
  );
  return code === 0;
}
