import { CommanderError, type Command } from 'commander';
import { EXIT, OperatorError } from './exitCodes';
import { runCommand } from './run';

/**
 * Runs a commander program whose actions do the work, and sets the exit code: 0 when it is done and for help, 2 for a wrong command
 * line, else what the thrown error asks for (see {@link runCommand}). Its subcommands must have been added after `exitOverride()`.
 *
 * @param explain makes of a failure one that says what to do, where it knows better
 */
export async function runProgram(
  program: Command,
  explain: (error: unknown) => unknown = (error) => error,
): Promise<void> {
  program.hook('preAction', (_program, command) => refuseSwallowed(command));
  await runCommand(async () => {
    try {
      await program.parseAsync();
      // One that an action has set, for what it has run.
      return Number(process.exitCode ?? EXIT.done);
    } catch (error) {
      // commander has printed its message.
      if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
      throw await explain(error);
    }
  });
}

/**
 * Options that stand before `--` in `npm run NAME -- ...` are npm's: it keeps them as settings of its own and tells nobody.
 * @throws OperatorError (2) that names those of ours which npm kept
 */
export function refuseSwallowed(
  command: Command,
  env: Readonly<Record<string, string | undefined>> = process.env,
): void {
  const script = env.npm_lifecycle_event;
  if (script === undefined) return;
  const swallowed = command.options.flatMap(({ long }) => {
    const name = long?.replace(/^--(no-)?/, '').replaceAll('-', '_');
    return name !== undefined && env[`npm_config_${name}`] !== undefined ? [long] : [];
  });
  if (swallowed.length === 0) return;
  const run = script === 'start' || script === 'test' ? script : `run ${script}`;
  throw new OperatorError(
    `npm kept ${swallowed.join(', ')} for itself; put "--" before the options: npm ${run} -- ${swallowed.join(' ')}`,
    EXIT.usage,
  );
}
