import { readPromises } from '@rastreio/csv';
import { assertOwner, assertSchema, ROLES, setPromises, withClient } from '@rastreio/database';
import type { Command } from 'commander';
import { addDatabase, exitCodes, type PlaceOptions } from '../common/options';
import { printResult, say } from '../common/output';
import { findDatabase } from '../common/where';

const SHOWN = 20;

/** Adds `promises`: takes over promised delivery times from a file. */
export function addPromises(db: Command): void {
  addDatabase(db.command('promises'), ROLES.owner)
    .description(
      'take over promised delivery times (prazos) from a CSV; all deliveries are judged by them at once',
    )
    .argument(
      '<file>',
      'with origem, destino, prazo_dias; * to * is the default. Lanes that it lacks keep theirs',
    )
    .addHelpText(
      'after',
      exitCodes(
        'done',
        'failed or a line is wrong: then nothing is changed',
        'migrations are pending or the role is not the owner',
      ),
    )
    .action(async (file: string, options: PlaceOptions) => {
      const promises = await readPromises(file);
      const changed = await withClient(await findDatabase(options, 'owner'), async (client) => {
        await assertSchema(client);
        await assertOwner(client);
        return setPromises(client, promises);
      });
      for (const { origem, destino, antes, agora } of changed.slice(0, SHOWN))
        say(`${origem} → ${destino}: ${antes === null ? agora : `${antes} → ${agora}`}`);
      if (changed.length > SHOWN) say(`and ${changed.length - SHOWN} more lanes`);
      printResult('db:promises', { lanes: promises.length, changed: changed.length });
    });
}
