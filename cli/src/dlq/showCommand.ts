import { writeFile } from 'node:fs/promises';
import { ROLES } from '@rastreio/database';
import { OperatorError } from '@rastreio/runtime';
import type { Command } from 'commander';
import { addDatabase, exitCodes, toRules, type PlaceOptions } from '../common/options';
import { printResult, say } from '../common/output';
import { showBytes } from '../common/shown';
import { withDatabase } from './command';
import { findLetter, findRejectedReplays } from './letters';
import { addRules, type ReadingOptions } from './options';
import { formatPlace, parsePlace } from './place';

import { createRepair } from './repair';
import { letterPage, SHOWN_BYTES } from './report';

interface ShowOptions extends ReadingOptions, PlaceOptions {
  readonly save?: string;
}

/** Adds `show` to the program. */
export function addShow(program: Command): void {
  addDatabase(addRules(program.command('show')), ROLES.writer)
    .argument('<place>', 'TOPIC:PARTITION:OFFSET')
    .description('everything about one dead letter, and what the contract says of it today')
    .option('--save <file>', 'write the original bytes of the value to a file')
    .addHelpText(
      'after',
      `\nControl characters are escaped.${exitCodes('done', 'there is no such dead letter or it failed', 'migrations are missing')}`,
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
    say(letterPage(letter, today, replays));
    if (save !== undefined) await writeFile(save, letter.valor ?? '');
    const { topico: _t, particao: _p, deslocamento: _d, vida: _v, chave, valor, ...rest } = letter;
    printResult('dlq show', {
      place: formatPlace(letter),
      ...rest,
      chave: showBytes(chave, SHOWN_BYTES),
      valor: showBytes(valor, SHOWN_BYTES),
      today,
      rejected_again: replays.map(formatPlace),
    });
  });
}
