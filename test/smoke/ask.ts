import { spawn } from 'node:child_process';
import path from 'node:path';
import { OperatorError } from '@rastreio/runtime';

const ROOT = path.resolve(__dirname, '../..');

/** Runs `rastreio`, which has to find the stack of this run by itself, and gives its result. @throws OperatorError unless it ends with 0 */
export async function rastreio<Result>(stackDir: string, args: readonly string[]): Promise<Result> {
  const env = { ...process.env, RASTREIO_STACK_DIR: stackDir, DATABASE_URL: '', KAFKA_BROKERS: '' };
  const command = [path.join(ROOT, 'cli/bin/rastreio.mjs'), ...args];
  const child = spawn(process.execPath, command, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new OperatorError(`rastreio ${args.join(' ')} ended with exit code ${code}`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Result;
}

/** @throws OperatorError that names what differs */
export function same(what: string, actual: unknown, expected: unknown): void {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== e) throw new OperatorError(`${what}: got ${a}, expected ${e}`);
}
