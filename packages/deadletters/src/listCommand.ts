import { Option, type Command } from 'commander';
import { withDatabase, writeResult, type CommonOptions } from './command';
import { countByReason, listLetters } from './letters';
import { addFilters, databaseOption, toSelection, wholeNumber, type FilterOptions } from './options';
import { formatPlace } from './place';
import { letterTable, reasonTable } from './report';
import { STATES, type StateFilter } from './selection';

interface ListOptions extends FilterOptions, CommonOptions {
  readonly state: StateFilter;
  readonly limit: number;
  readonly summary: boolean;
}

const MAX_LIMIT = 100_000;

/** Adds `list` to the program. */
export function addList(program: Command): void {
  addFilters(program.command('list'))
    .description('the newest dead letters, or counts by reason and field')
    .addOption(
      new Option('--state <state>', 'what has become of them').choices(Object.keys(STATES)).default('open'),
    )
    .option('--limit <n>', 'at most so many', wholeNumber(1, MAX_LIMIT), 50)
    .option('--summary', 'counts by reason, field and state', false)
    .addOption(databaseOption())
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 usage, 78 migrations are missing.')
    .action(list);
}

async function list({ state, limit, summary, ...options }: ListOptions): Promise<void> {
  const selection = toSelection(options, state);
  await withDatabase(options, async (pool) => {
    const counts = await countByReason(pool, selection);
    const total = counts.reduce((sum, c) => sum + c.total, 0);
    if (summary) {
      process.stderr.write(reasonTable(counts));
      writeResult({ command: 'dlq list', state, total, reasons: counts });
      return;
    }
    const letters = await listLetters(pool, selection, limit);
    process.stderr.write(letterTable(letters));
    if (letters.length < total)
      process.stderr.write(`the newest ${letters.length} of ${total}; --limit shows more\n`);
    const shown = letters.map((letter) => ({ place: formatPlace(letter), ...letter }));
    writeResult({ command: 'dlq list', state, total, letters: shown });
  });
}
