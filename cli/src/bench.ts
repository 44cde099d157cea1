import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { EXIT } from '@rastreio/runtime';
import { REPO_ROOT } from '@rastreio/stack/grafana';
import type { Command } from 'commander';
import { needFiles } from './common/checkout';

/** Runs a benchmark of the checkout; what can be measured and how is told by `rastreio bench --help`. */
export function addBench(command: Command): void {
  command
    .argument('[args...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: string[]) => {
      const main = path.join(REPO_ROOT, 'bench', 'main.ts');
      needFiles(['bench/main.ts']);
      process.exitCode = await run(
        ['--import', 'tsx', main, ...args.filter((arg) => arg !== '--json')],
        args,
      );
    });
}

/** It needs what only a checkout has, so it is not part of this program. With `--json` its progress is shown only when it fails. */
async function run(command: readonly string[], args: readonly string[]): Promise<number> {
  const quiet = args.includes('--json');
  const child = spawn(process.execPath, command, {
    stdio: ['inherit', 'inherit', quiet ? 'pipe' : 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const progress = child.stderr === null ? Promise.resolve('') : text(child.stderr);
  const code = await new Promise<number>((resolve) => child.once('exit', (c) => resolve(c ?? EXIT.wrong)));
  if (code !== EXIT.done) process.stderr.write(await progress);
  return code;
}
