import { readAliases, readStatuses, ROLES, unknownWords, withClient } from '@rastreio/database';
import { wholeNumber } from '@rastreio/runtime';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { addDatabase, exitCodes, type PlaceOptions } from '../common/options';
import { printResult, say } from '../common/output';
import { findDatabase } from '../common/where';

/** Adds `status list`. */
export function addList(status: Command): void {
  addDatabase(status.command('list'), ROLES.reader)
    .description('the statuses of the catalogue, and the words that mean one')
    .addHelpText('after', exitCodes('done', 'failed', 'the database lacks the tables'))
    .action(list);
}

async function list(options: PlaceOptions): Promise<void> {
  const { catalogue, aliases } = await withClient(await findDatabase(options, 'reader'), async (client) => ({
    catalogue: await readStatuses(client),
    aliases: await readAliases(client),
  }));
  say(
    tableOf(
      ['status', 'rank', ''],
      catalogue.map((c) => [c.status, String(c.rank), c.terminal ? 'final' : '']),
    ),
  );
  if (aliases.length > 0)
    say(
      tableOf(
        ['carrier', 'word', 'means', 'since'],
        aliases.map((a) => [
          a.transportadora === '' ? 'any' : a.transportadora,
          a.tipo === 'codigo' ? `code ${a.palavra}` : a.palavra,
          `${a.status ?? (a.vira_status ? '(being added as a status)' : '(nothing any more)')}${a.aplicado ? '' : '; not finished: run the same command again'}`,
          `${a.criado_em.toISOString().slice(0, 16)}Z ${a.criado_por}`,
        ]),
      ),
    );
  printResult('status:list', { statuses: catalogue, words: aliases });
}

interface UnknownOptions extends PlaceOptions {
  readonly limit: number;
}

/** Adds `status unknown`. */
export function addUnknown(status: Command): void {
  addDatabase(status.command('unknown'), ROLES.reader)
    .description(
      'the words that events have and nobody knows: how often, whose, since when, and what they may mean',
    )
    .option('--limit <n>', 'how many of them, the most frequent first', wholeNumber(1), 50)
    .addHelpText(
      'after',
      `
Counted by the hours of the events. Carriers are those of up to 200 events of a word's last hour.
${exitCodes('done', 'failed', 'the database lacks the tables')}`,
    )
    .action(unknown);
}

async function unknown(options: UnknownOptions): Promise<void> {
  const words = await withClient(await findDatabase(options, 'reader'), (client) =>
    unknownWords(client, options.limit),
  );
  if (words.length > 0)
    say(
      tableOf(
        ['word', 'events', 'carriers (codes)', 'first', 'last', 'means?'],
        words.map((w) => [
          ...[w.word, String(w.events)],
          w.carriers
            .map(({ carrier, code }) => (code === null ? carrier : `${carrier} (${code})`))
            .join(', '),
          ...[w.first.slice(0, 10), w.last.slice(0, 10), w.nearest ?? ''],
        ]),
      ),
    );
  say(
    words.length === 0
      ? 'Every word is known.'
      : 'Say what a word means: rastreio status map [--carrier C] WORD STATUS; or make it a status: rastreio status add NAME --rank N.',
  );
  printResult('status:unknown', { words });
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
