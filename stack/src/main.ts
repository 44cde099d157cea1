import { EXIT, OperatorError, runCommand } from '@rastreio/runtime';
import Table from 'cli-table3';
import { listenForInterrupts } from './interrupt';
import { parseOptions, usageExitCode, type CliOptions } from './options';
import { createProgress } from './progress';
import type { Address } from './addresses';
import { startStack } from './stack';

void runCommand(async () => {
  let options: CliOptions;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch (error) {
    const code = usageExitCode(error);
    if (code === undefined) throw error;
    return code;
  }
  const interrupt = listenForInterrupts();
  const progress = createProgress(process.stdout);
  let stack;
  try {
    stack = await startStack(options, progress, interrupt.signal, options.reset);
  } catch (error) {
    if (!interrupt.signal.aborted) throw forOperator(error);
    const uncaught = await interrupt.happened;
    if (uncaught !== undefined) throw uncaught;
    progress.note('stopped before everything was up');
    return EXIT.done;
  }
  process.stdout.write(
    `\n${table(stack.addresses)}\n\nRunning. Ctrl-C stops everything and keeps the data.\n`,
  );
  const failure = await Promise.race([interrupt.happened, stack.failed]);
  process.stdout.write('Stopping ...\n');
  await progress.step('Stopped', () => stack.stop(failure !== undefined));
  if (failure === undefined) return EXIT.done;
  if (failure instanceof Error) throw failure;
  process.stderr.write(`${failure}\n`);
  return EXIT.wrong;
});

const REFUSALS = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'ENOTDIR',
  'EISDIR',
  'ERR_FS_EISDIR',
]);

/** What the file system refuses, such as a full disk or a folder of another user, is for a person to mend. */
function forOperator(error: unknown): unknown {
  const { code = '', path, message } = error as NodeJS.ErrnoException;
  if (path === undefined || !REFUSALS.has(code)) return error;
  return new OperatorError(`${message}; mend that and start again`, EXIT.config, { cause: error });
}

function table(addresses: readonly Address[]): string {
  const rows = new Table({ head: ['what', 'address', 'user and password'], style: { head: [], border: [] } });
  rows.push(...addresses.map(({ what, url, user }) => [what, url, user]));
  return rows.toString();
}
