import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '@rastreio/runtime';
import { FATES } from './fates';
import { printedCommands } from './find';
import { wordsOf } from './words';

const ROOT = path.resolve(__dirname, '../..');

/** What printed commands are run against. */
export interface StackForCommands {
  /** The stack's folder. */
  readonly stackDir: string;
  /** For files that the commands name. */
  readonly dir: string;
  readonly httpUrl: string;
  /** A dead letter that is there, as `topic:partition:offset`. */
  readonly letter: string;
}

/**
 * Runs every command of the pages that is to be run, as it is printed but for files, the letter and the port of HTTP.
 * @returns how many
 * @throws OperatorError with the first one that does not end with 0, and the end of its output
 */
export async function runPrintedCommands(stack: StackForCommands): Promise<number> {
  await writeFile(path.join(stack.dir, 'prazos.csv'), 'origem,destino,prazo_dias\nSão Paulo,Natal,9\n');
  const printed = [...new Set(printedCommands().map(({ text }) => text))];
  let count = 0;
  const done = new Set<string>();
  for (const [pattern, fate] of FATES) {
    for (const command of printed.filter((text) => pattern.test(text) && !done.has(text))) {
      done.add(command);
      if (!('run' in fate)) continue;
      const text = replaced(command, fate.run, stack);
      if (text.startsWith('curl ')) await post(text);
      else await run(text, stack.stackDir);
      count++;
    }
  }
  return count;
}

function replaced(command: string, names: Readonly<Record<string, string>>, stack: StackForCommands): string {
  const values: Readonly<Record<string, string>> = { DIR: stack.dir, LETTER: stack.letter };
  const withNames = Object.entries(names).reduce(
    (text, [name, stands]) =>
      text.replaceAll(
        name,
        stands.replace(/DIR|LETTER/, (word) => values[word] ?? word),
      ),
    command,
  );
  return withNames.replaceAll('http://localhost:8080', stack.httpUrl);
}

async function run(command: string, stackDir: string): Promise<void> {
  const env = { ...process.env, RASTREIO_STACK_DIR: stackDir, DATABASE_URL: '', KAFKA_BROKERS: '' };
  const child = spawn(command, { cwd: ROOT, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0)
    throw new OperatorError(
      `"${command}" of the pages ended with exit code ${code}:\n${output.slice(-3_000)}`,
    );
}

/** What curl would send, so that the machine needs none: `-H`, `-d`, `--data-binary @FILE`; `-i` is for reading. */
async function post(command: string): Promise<void> {
  const words = wordsOf(command);
  const after = (option: string) => words[words.indexOf(option) + 1] ?? '';
  const [name = '', value = ''] = after('-H').split(/:\s*/);
  const file = words.includes('--data-binary') ? after('--data-binary').replace(/^@/, '') : undefined;
  const body = file === undefined ? after('-d') : await readFile(file);
  const url = words.find((word) => word.startsWith('http://')) ?? '';
  const answer = await fetch(url, { method: 'POST', headers: { [name]: value }, body });
  const text = await answer.text();
  if (!answer.ok)
    throw new OperatorError(`"${command}" of the pages: ${answer.status} ${text.slice(0, 500)}`);
}
