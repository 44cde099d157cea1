// Shows G2, G4, G11, G12 of docs/guarantees.md.
import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EXIT, OperatorError, runCommand } from '@rastreio/runtime';
import { CommanderError } from 'commander';
import { chaosCommand, type ChaosOptions } from './options';
import { allIsWell, resultLine } from './result';
import { startRig } from './rig';
import { runChaos } from './run';

void runCommand(async () => {
  const program = chaosCommand();
  try {
    program.parse();
  } catch (error) {
    // commander has printed its message; help ends with 0, everything else is a usage error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
  const given = program.opts<ChaosOptions>();
  const options = { ...given, seed: given.seed === 0 ? randomInt(1, 2 ** 31) : given.seed };
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => interrupt.abort(new OperatorError('interrupted')));
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-chaos-'));
  // As root, PostgreSQL runs as another user, who has to get in.
  await chmod(dir, 0o711);
  const well = await run(dir, options, interrupt.signal).catch((error: unknown) => {
    process.stderr.write(kept(dir, options));
    throw error;
  });
  if (!well) {
    process.stderr.write(kept(dir, options));
    return EXIT.wrong;
  }
  await rm(dir, { recursive: true, force: true });
  return EXIT.done;
});

/** Whether all is well. */
async function run(dir: string, options: ChaosOptions, signal: AbortSignal): Promise<boolean> {
  const startedAt = Date.now();
  const say = (text: string) =>
    void process.stderr.write(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${text}\n`);
  say(`seed ${options.seed}; starting broker and database in ${dir}`);
  const rig = await startRig(dir, options, say, signal);
  try {
    say(rig.database.provider);
    const result = await runChaos(rig, options, say);
    for (const compared of [result.first, result.afterReplay])
      for (const { what, expected, actual } of compared.differences.slice(0, 20))
        say(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`);
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    const line = resultLine(result, options, { database: rig.database.provider, seconds });
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return allIsWell(result);
  } finally {
    await rig.stop();
  }
}

function kept(
  dir: string,
  { events, seed, minutes, faults, consumers, database, outage, only }: ChaosOptions,
): string {
  const again = { events, seed, minutes, faults, consumers, database, outage, only: only?.join(',') };
  const command = Object.entries(again)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `--${name} ${value}`);
  return (
    `Logs, ground truth and data are in ${dir}; delete it when you have seen them.\n` +
    `To repeat: npm run chaos -- ${command.join(' ')}\n`
  );
}
