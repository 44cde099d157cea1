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
const RASTREIO = path.join(ROOT, 'cli/bin/rastreio.mjs');

/** Starts `rastreio` as a process of its own, as npm scripts and images do. No running stack is found: tests name what they work on. */
export function spawnRastreio(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [RASTREIO, ...args], {
    cwd: ROOT,
    // jest's variables make libraries believe that they are under test.
    env: { ...process.env, NODE_ENV: 'production', RASTREIO_STACK_DIR: path.join(ROOT, 'no-stack'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs `rastreio` to its end. */
export async function runRastreio(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = spawnRastreio(args, env);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  const result = last.startsWith('{') ? (JSON.parse(last) as Record<string, unknown>) : {};
  return { code, stdout, stderr, result };
}
