import { spawn, type SpawnOptions } from 'node:child_process';
import { OperatorError } from '@rastreio/runtime';
import { signalGroup } from './processTable';

export interface RunOptions extends Omit<SpawnOptions, 'signal' | 'detached'> {
  /** What the operator can do when it fails. */
  readonly hint?: string;
  /** Ends the program and whatever it has started. */
  readonly signal?: AbortSignal | undefined;
}

const SHOWN_OUTPUT = 2_000;

/**
 * Runs a program to its end and returns what it printed. With a signal it runs in a session of its own: a Ctrl-C of the terminal then
 * reaches us alone, and its end is never taken for its failure.
 * @throws OperatorError with the end of its output when it fails; the reason of `signal`, once the program is gone
 */
export async function run(
  command: string,
  args: readonly string[],
  { hint, signal, ...options }: RunOptions = {},
): Promise<string> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
      detached: signal !== undefined,
    });
    let output = '';
    const collect = (chunk: Buffer) => (output += chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const end = () => child.pid !== undefined && signalGroup(child.pid, 'SIGTERM');
    signal?.addEventListener('abort', end, { once: true });
    const fail = (what: string) =>
      reject(
        signal?.aborted === true
          ? (signal.reason as Error)
          : new OperatorError(
              [`${command} ${args.slice(0, 3).join(' ')} … ${what}`, output.slice(-SHOWN_OUTPUT).trim(), hint]
                .filter(Boolean)
                .join('\n'),
            ),
      );
    child.once('error', (error) => fail(`could not be run: ${error.message}`));
    child.once('close', (code, how) => {
      signal?.removeEventListener('abort', end);
      if (code === 0) resolve(output);
      else fail(`ended with ${how ?? `exit code ${code}`}`);
    });
  });
}

/** Whether a program can be found on PATH and answers. */
export async function answers(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  return run(command, args, { env }).catch(() => undefined);
}
