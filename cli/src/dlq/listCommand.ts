import { ROLES } from '@rastreio/database';
import { wholeNumber } from '@rastreio/runtime';
import { Option, type Command } from 'commander';
import { addDatabase, exitCodes, type PlaceOptions } from '../common/options';
import { printResult, say } from '../common/output';
import { withDatabase } from './command';
import { countByReason, listLetters } from './letters';
import { addFilters, toSelection, type FilterOptions } from './options';
import { formatPlace } from './place';
import { letterTable, reasonTable } from './report';
import { STATES, type StateFilter } from './selection';

interface ListOptions extends FilterOptions, PlaceOptions {
  readonly state: StateFilter;
  readonly limit: number;
  readonly summary: boolean;
}

const MAX_LIMIT = 100_000;

/** Adds `list` to the program. */
export function addList(program: Command): void {
  addDatabase(addFilters(program.command('list')), ROLES.writer)
    .description('the newest dead letters, or counts by reason and field')
    .addOption(
      new Option('--state <state>', 'what has become of them').choices(Object.keys(STATES)).default('open'),
    )
    .option('--limit <n>', 'at most so many', wholeNumber(1, MAX_LIMIT), 50)
    .option('--summary', 'counts by reason, field and state', false)
    .addHelpText('after', exitCodes('done', 'failed', 'migrations are missing'))
    .action(list);
}

async function list({ state, limit, summary, ...options }: ListOptions): Promise<void> {
  const selection = toSelection(options, state);
  await withDatabase(options, async (pool) => {
    const counts = await countByReason(pool, selection);
    const total = counts.reduce((sum, c) => sum + c.total, 0);
    if (summary) {
      say(reasonTable(counts));
      printResult('dlq list', { state, total, reasons: counts });
      return;
    }
    const letters = await listLetters(pool, selection, limit);
    say(letterTable(letters));
    if (letters.length < total) say(`the newest ${letters.length} of ${total}; --limit shows more`);
    const shown = letters.map((letter) => ({ place: formatPlace(letter), ...letter }));
    printResult('dlq list', { state, total, letters: shown });
  });
}
