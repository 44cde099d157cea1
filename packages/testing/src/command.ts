import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import path from 'node:path';

export interface Ran {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of stdout as JSON, where it is JSON. */
  readonly result: Readonly<Record<string, unknown>>;
}

const ROOT = path.resolve(__dirname, '../../..');

/** Starts a command of ours (a path from the root) as a process of its own, as npm scripts and images do. */
export function spawnScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, ['--import', 'tsx', path.join(ROOT, script), ...args], {
    cwd: ROOT,
    // jest's variables make libraries believe that they are under test.
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a command of ours to its end. */
export async function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = spawnScript(script, args, env);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  const result = last.startsWith('{') ? (JSON.parse(last) as Record<string, unknown>) : {};
  return { code, stdout, stderr, result };
}
