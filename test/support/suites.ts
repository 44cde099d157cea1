import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Step {
  readonly title: string;
  readonly ok: boolean;
  readonly seconds: number;
}

const ROOT = path.resolve(__dirname, '../..');

/** Runs commands one by one or side by side, counts what passed and failed, and notes how long each took. */
export class Suites {
  readonly steps: Step[] = [];
  passed = 0;
  failed = 0;
  private readonly results = mkdtempSync(path.join(tmpdir(), 'rastreio-results-'));

  /** A command that passes or fails as a whole. */
  async command(title: string, command: string): Promise<void> {
    if (await this.run(title, command, ROOT)) this.passed++;
    else this.failed++;
  }

  /**
   * A jest run, counted by test; a suite that cannot even load, or a run without any test, is a failure.
   *
   * @param folder where its configuration is, from the root
   */
  async jest(title: string, folder: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
    const file = path.join(this.results, `${title}.json`);
    const command = `npx jest --ci --json --outputFile="${file}"`;
    const ok = await this.run(title, command, path.join(ROOT, folder), { shown: 'stderr', env });
    const report = readReport(file);
    const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
    this.passed += report.numPassedTests;
    this.failed += !ok && failed === 0 ? 1 : failed;
  }

  /** Removes jest's reports. */
  close(): void {
    rmSync(this.results, { recursive: true, force: true });
  }

  private async run(
    title: string,
    command: string,
    cwd: string,
    { shown = 'all', env = {} }: { shown?: 'all' | 'stderr'; env?: Readonly<Record<string, string>> } = {},
  ): Promise<boolean> {
    process.stdout.write(`\n== ${title}: ${command.split(' --json')[0]}\n`);
    const startedAt = Date.now();
    // jest's JSON goes to stdout as well; its readable report is on stderr.
    const stdio = ['ignore', shown === 'all' ? 'inherit' : 'ignore', 'inherit'] as const;
    const child = spawn(command, {
      cwd,
      shell: true,
      stdio: [...stdio],
      env: { ...process.env, ...env },
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    const step = { title, ok: code === 0, seconds: Math.round((Date.now() - startedAt) / 1000) };
    this.steps.push(step);
    process.stdout.write(
      `== ${title}: ${step.ok ? 'ok' : `failed with exit code ${code}`} in ${step.seconds} s\n`,
    );
    return step.ok;
  }
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

/** A line for each step, the longest first. */
export function timeTable(steps: readonly Step[]): string {
  const width = Math.max(...steps.map(({ title }) => title.length));
  return [...steps]
    .sort((a, b) => b.seconds - a.seconds)
    .map(
      ({ title, ok, seconds }) =>
        `${title.padEnd(width)} ${String(seconds).padStart(5)} s${ok ? '' : '  failed'}\n`,
    )
    .join('');
}
