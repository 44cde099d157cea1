import { writeFile } from 'node:fs/promises';
import { OperatorError } from '@rastreio/runtime';
import type { Command } from 'commander';
import { withDatabase, writeResult, type CommonOptions } from './command';
import { findLetter, findRejectedReplays } from './letters';
import { addRules, databaseOption, toRules, type RuleOptions } from './options';
import { formatPlace, parsePlace } from './place';
import { showBytes } from './printable';
import { createRepair } from './repair';
import { letterPage, SHOWN_BYTES } from './report';

interface ShowOptions extends RuleOptions, CommonOptions {
  readonly save?: string;
}

/** Adds `show` to the program. */
export function addShow(program: Command): void {
  addRules(program.command('show'))
    .argument('<place>', 'TOPIC:PARTITION:OFFSET')
    .description('everything about one dead letter, and what the contract says of it today')
    .option('--save <file>', 'write the original bytes of the value to a file')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      '\nControl characters are escaped.\nExit codes: 0 done, 1 there is no such dead letter or it failed, 2 usage, 78 migrations are missing.',
    )
    .action(show);
}

async function show(text: string, { save, encoding, ...options }: ShowOptions): Promise<void> {
  const place = parsePlace(text);
  const repair = createRepair({ rules: toRules(options), encoding });
  await withDatabase(options, async (pool) => {
    const letter = await findLetter(pool, place);
    if (letter === null)
      throw new OperatorError(
        `There is no dead letter at ${formatPlace(place)}; see "npm run dlq -- list --state all"`,
      );
    const replays = await findRejectedReplays(pool, place);
    const today = repair(letter);
    process.stderr.write(letterPage(letter, today, replays));
    if (save !== undefined) await writeFile(save, letter.valor ?? '');
    const { topico: _t, particao: _p, deslocamento: _d, chave, valor, ...rest } = letter;
    writeResult({
      command: 'dlq show',
      place: formatPlace(letter),
      ...rest,
      chave: showBytes(chave, SHOWN_BYTES),
      valor: showBytes(valor, SHOWN_BYTES),
      today,
      rejected_again: replays.map(formatPlace),
    });
  });
}
