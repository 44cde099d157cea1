import { addStatus, mapWord, unmapWord } from '@rastreio/database';
import { wholeNumber } from '@rastreio/runtime';
import type { Command } from 'commander';
import type { PlaceOptions } from '../common/options';
import { asOwner } from '../common/asOwner';
import { printResult, say } from '../common/output';
import { addEdit, addWord, progress, writtenWord, type WordOptions } from './options';

/** Adds `status map`. */
export function addMap(status: Command): void {
  addWord(status.command('map'))
    .description('say which status a carrier’s word means, of now and of all that is stored')
    .argument('<word>', 'as the carrier writes it; case, accents and spaces do not count')
    .argument('<status>', 'of the catalogue')
    .action(async (word: string, meaning: string, options: WordOptions) => {
      const written = writtenWord(word, options);
      const exchanged = await asOwner(options, (client) =>
        mapWord(client, written, meaning, { onPart: progress() }),
      );
      say(`${word} means ${meaning}; ${exchanged.events} stored events corrected`);
      printResult('status:map', { ...written, status: meaning, ...exchanged });
    });
}

/** Adds `status unmap`. */
export function addUnmap(status: Command): void {
  addWord(status.command('unmap'))
    .description('take a word’s meaning back: all is as if it had never had one')
    .argument('<word>', 'as status list shows it')
    .action(async (word: string, options: WordOptions) => {
      const written = writtenWord(word, options);
      const exchanged = await asOwner(options, (client) =>
        unmapWord(client, written, { onPart: progress() }),
      );
      say(`${word} means nothing any more; ${exchanged.events} stored events put back`);
      printResult('status:unmap', { ...written, ...exchanged });
    });
}

interface AddOptions extends PlaceOptions {
  readonly rank: number;
  readonly final?: true;
}

/** Adds `status add`. */
export function addAdd(status: Command): void {
  addEdit(status.command('add'))
    .description('add a status to the catalogue; stored events that have it are unknown no longer')
    .argument('<name>', 'upper-cased, as events are')
    .requiredOption(
      '--rank <n>',
      'which of two events of one instant is the later one; below 60, or from 60 on with --final',
      wholeNumber(1, 32_767),
    )
    .option('--final', 'parcels stay in it for good, and are not open in it')
    .action(async (name: string, options: AddOptions) => {
      const entry = { status: name, rank: options.rank, terminal: options.final === true };
      const { hasOldEvents, ...exchanged } = await asOwner(options, (client) =>
        addStatus(client, entry, { onPart: progress() }),
      );
      say(`${name} is a status of the catalogue; ${exchanged.events} stored events corrected`);
      if (hasOldEvents)
        say(
          'Events that db:retain has removed had it as an unknown one: run "npm run db:rebuild" for the figures of their parcels.',
        );
      printResult('status:add', { ...entry, ...exchanged, rebuild_needed: hasOldEvents });
    });
}
