import { Argument, type Command } from 'commander';
import { candidates } from './candidates';
import { SCRIPTS, SHELLS, type Shell } from './scripts';

/** What the scripts ask: `rastreio complete -- WORDS`. */
export const ASK = 'complete';

/** Prints a shell's completion script. */
export function addCompletion(command: Command): void {
  command
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      '\nbash and zsh: source <(npx rastreio completion bash); fish: ... | source. Exit codes: 0 done, 2 usage.',
    )
    .action((shell: Shell) => void process.stdout.write(SCRIPTS[shell]));
}

/** Adds the command that the scripts ask; it is not shown. */
export function addAsk(program: Command): void {
  program
    .command(ASK, { hidden: true })
    .argument('[words...]')
    .action((words: string[]) => {
      for (const { word, meaning } of candidates(program, words))
        process.stdout.write(`${word}\t${meaning}\n`);
    });
}
