import { EXIT, runCommand } from '@rastreio/runtime';
import { Command, CommanderError } from 'commander';
import { addCsv } from './csv/command';
import { addHttp } from './http/command';
import { addKey } from './http/keyCommand';
import { addPull } from './pull/command';
import { addSimulate } from './simulate/command';

const program = new Command('producer').description('Sources of tracking events').exitOverride();
addCsv(program);
addHttp(program);
addKey(program);
addPull(program);
addSimulate(program);

void runCommand(async () => {
  try {
    await program.parseAsync();
  } catch (error) {
    // commander has printed its message; help and version end with 0, everything else is a usage error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
});
