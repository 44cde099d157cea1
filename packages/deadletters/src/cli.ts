import { EXIT, runCommand } from '@rastreio/runtime';
import { Command, CommanderError } from 'commander';
import { addList } from './listCommand';
import { addReplay } from './replayCommand';
import { addShow } from './showCommand';

const program = new Command('npm run dlq --')
  .description('Dead letters: messages that were rejected (table eventos_rejeitados), and their way back')
  .addHelpText(
    'after',
    '\nThe last line of stdout is one JSON object.\nExit codes: 0 done, 1 found wrong or failed, 2 usage, 78 migrations are missing.',
  )
  .exitOverride();
addList(program);
addShow(program);
addReplay(program);

void runCommand(async () => {
  try {
    await program.parseAsync();
  } catch (error) {
    // commander has printed its message; help ends with 0, everything else is a usage error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
});
