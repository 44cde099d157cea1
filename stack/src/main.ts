import { EXIT, runCommand } from '@rastreio/runtime';
import Table from 'cli-table3';
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
  const interrupt = new AbortController();
  // Also on a second and third Ctrl-C: the first one's stop goes on, so that no process is left.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort());
  const interrupted = new Promise<undefined>((resolve) =>
    interrupt.signal.addEventListener('abort', () => resolve(undefined)),
  );
  const progress = createProgress(process.stdout);
  let stack;
  try {
    stack = await startStack(options, progress, interrupt.signal, options.reset);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    progress.note('stopped before everything was up');
    return EXIT.done;
  }
  process.stdout.write(
    `\n${table(stack.addresses)}\n\nRunning. Ctrl-C stops everything and keeps the data.\n`,
  );
  const failure = await Promise.race([interrupted, stack.failed]);
  await progress.step('Stopping', () => stack.stop(failure !== undefined));
  if (failure === undefined) return EXIT.done;
  process.stderr.write(`${failure}\n`);
  return EXIT.wrong;
});

function table(addresses: readonly Address[]): string {
  const rows = new Table({ head: ['what', 'address', 'user'], style: { head: [], border: [] } });
  rows.push(...addresses.map(({ what, url, user }) => [what, url, user]));
  return rows.toString();
}
