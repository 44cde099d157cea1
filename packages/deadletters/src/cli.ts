import { runProgram } from '@rastreio/runtime';
import { Command } from 'commander';
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

void runProgram(program);
