import { CommanderError, type Command } from 'commander';
import { EXIT } from './exitCodes';
import { runCommand } from './run';

/**
 * Runs a commander program whose actions do the work, and sets the exit code: 0 when it is done and for help, 2 for a wrong command
 * line, else what the thrown error asks for (see {@link runCommand}). Its subcommands must have been added after `exitOverride()`.
 */
export async function runProgram(program: Command): Promise<void> {
  await runCommand(async () => {
    try {
      await program.parseAsync();
      // One that an action has set, for what it has run.
      return Number(process.exitCode ?? EXIT.done);
    } catch (error) {
      // commander has printed its message.
      if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
      throw error;
    }
  });
}
