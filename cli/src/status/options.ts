import { ROLES, type WrittenWord } from '@rastreio/database';
import type { Command } from 'commander';
import { addDatabase, exitCodes, type PlaceOptions } from '../common/options';
import { say } from '../common/output';

export interface WordOptions extends PlaceOptions {
  readonly carrier?: string;
  readonly code?: true;
}

/** Adds what names a word. */
export function addWord(command: Command): Command {
  return addEdit(command)
    .option('--carrier <name>', 'only where this carrier says it; else whoever says it')
    .option('--code', 'the word is the carrier’s own code of an event (codigo_evento), not its text');
}

/** Adds what every command that edits words has. */
export function addEdit(command: Command): Command {
  return addDatabase(command, ROLES.owner).addHelpText(
    'after',
    `
Consumers go on meanwhile, and take the change with their next batch. What is stored follows in parts, with every figure; where that is
ended, run the same command again and it goes on. What db:retain has removed stays as it was.
${exitCodes('done', 'failed', 'migrations are pending or the role is not the owner')}`,
  );
}

/** The word that arguments and options name. */
export function writtenWord(word: string, { carrier, code }: WordOptions): WrittenWord {
  return { word, carrier, kind: code === true ? 'codigo' : 'texto' };
}

const TELL_EVERY_MS = 5_000;

/** Tells now and then how far what is stored was corrected. */
export function progress(): (sofar: { readonly events: number }) => void {
  let toldAt = Date.now();
  return ({ events }) => {
    if (Date.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = Date.now();
    say(`${events} stored events corrected so far`);
  };
}
