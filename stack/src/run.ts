import { spawn, type SpawnOptions } from 'node:child_process';
import { OperatorError } from '@rastreio/runtime';

export interface RunOptions extends SpawnOptions {
  /** What the operator can do when it fails. */
  readonly hint?: string;
}

const SHOWN_OUTPUT = 2_000;

/** Runs a program to its end and returns what it printed. @throws OperatorError with the end of its output when it fails */
export async function run(
  command: string,
  args: readonly string[],
  { hint, ...options }: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    const collect = (chunk: Buffer) => (output += chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const fail = (what: string) =>
      reject(
        new OperatorError(
          [`${command} ${args.slice(0, 3).join(' ')} … ${what}`, output.slice(-SHOWN_OUTPUT).trim(), hint]
            .filter(Boolean)
            .join('\n'),
        ),
      );
    child.once('error', (error) => fail(`could not be run: ${error.message}`));
    child.once('close', (code, signal) =>
      code === 0 ? resolve(output) : fail(`ended with ${signal ?? `exit code ${code}`}`),
    );
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
