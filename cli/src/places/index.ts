import {
  assertSchema,
  countSpellings,
  listPlaces,
  mergePlaces,
  ROLES,
  setRegion,
  undoPlace,
  withClient,
  type Place,
  type PlaceChange,
} from '@rastreio/database';
import Table from 'cli-table3';
import type { Command } from 'commander';
import type { ClientBase } from 'pg';
import { asOwner } from '../common/asOwner';
import { addDatabase, exitCodes, type PlaceOptions } from '../common/options';
import { printResult, say } from '../common/output';
import { findDatabase } from '../common/where';

const EXIT_CODES = exitCodes(
  'done',
  'there is no such place, or failed',
  'migrations are pending or the role is not the owner',
);

/** Adds `places list`, `places count`, `places set`, `places merge` and `places undo`. */
export function addPlaces(places: Command): void {
  addList(places);
  addCount(places);
  addEdit(places.command('set'), 'say in which region a place is; lanes and promises follow at once')
    .argument('<spelling>', 'any spelling of the place')
    .argument('<region>', 'a code such as SP, or a name')
    .action((spelling: string, region: string, options: PlaceOptions) =>
      edit('set', options, (client) => setRegion(client, spelling, region)),
    );
  addEdit(places.command('merge'), 'say that two places are one; lanes and promises follow at once')
    .argument('<spelling>', 'of the place that is no other one')
    .argument('<into>', 'a spelling of the place that it is')
    .action((spelling: string, into: string, options: PlaceOptions) =>
      edit('merge', options, (client) => mergePlaces(client, spelling, into)),
    );
  addEdit(places.command('undo'), 'take back the last set or merge of a spelling, as if it had never been')
    .argument('<spelling>', 'of which something was said')
    .action((spelling: string, options: PlaceOptions) =>
      edit('undo', options, (client) => undoPlace(client, spelling)),
    );
}

function addList(places: Command): void {
  addDatabase(places.command('list'), ROLES.reader)
    .description('the places that packages come from and go to, with region and spellings')
    .option('--several', 'only those with more than one spelling')
    .addHelpText('after', exitCodes('done', 'failed', 'migrations are pending'))
    .action(async ({ several, ...options }: PlaceOptions & { several?: boolean }) => {
      const found = await withClient(await findDatabase(options, 'reader'), async (client) => {
        await assertSchema(client);
        return listPlaces(client, { several: several === true });
      });
      if (found.length > 0) say(tableOf(found));
      say(`${found.length} places`);
      printResult('places:list', { places: found });
    });
}

function addCount(places: Command): void {
  addEdit(
    places.command('count'),
    'count which spelling of each place is of most packages: it is shown from then on',
  ).action(async (options: PlaceOptions) => {
    const changed = await asOwner(options, countSpellings);
    say(`the spelling that is shown changed for ${changed} spellings`);
    printResult('places:count', { changed });
  });
}

function addEdit(command: Command, description: string): Command {
  return addDatabase(command, ROLES.owner).description(description).addHelpText('after', EXIT_CODES);
}

async function edit(
  name: string,
  options: PlaceOptions,
  run: (client: ClientBase) => Promise<PlaceChange>,
): Promise<void> {
  const { changed, place } = await asOwner(options, run);
  say(tableOf([place]));
  if (changed === 0) say('it was so before');
  printResult(`places:${name}`, { changed, place });
}

function tableOf(places: readonly Place[]): string {
  const table = new Table({ head: ['place', 'region', 'spellings'], style: { head: [], border: [] } });
  for (const { lugar, regiao, grafias } of places)
    table.push([lugar, regiao ?? '', grafias.map((spelling) => JSON.stringify(spelling)).join(', ')]);
  return table.toString();
}
