import { assertOwner, assertSchema, retainEvents, ROLES, withClient } from '@rastreio/database';
import { createFailpoint } from '@rastreio/runtime';
import type { Command } from 'commander';
import { addDatabase, exitCodes, type PlaceOptions } from '../common/options';
import { printResult, say } from '../common/output';
import { findDatabase } from '../common/where';

interface Options extends PlaceOptions {
  olderThan: string;
  dryRun?: boolean;
}

/** Adds `retain`: removes old events, and leaves all figures as they are. */
export function addRetain(db: Command): void {
  addDatabase(db.command('retain'), ROLES.owner)
    .description('remove old events; all figures stay as they are, and older events are refused from then on')
    .requiredOption('--older-than <interval>', 'age of the events to remove, for example "400 days"')
    .option('--dry-run', 'only tell what would be removed')
    .addHelpText('after', exitCodes('done', 'failed', 'migrations are pending or the role is not the owner'))
    .action(async ({ olderThan, dryRun, ...options }: Options) => {
      const failpoint = createFailpoint(['before_commit'], process.env.FAILPOINT);
      const { horizon, events } = await withClient(await findDatabase(options, 'owner'), async (client) => {
        await assertSchema(client);
        await assertOwner(client);
        return retainEvents(client, {
          olderThan,
          dryRun,
          onStep: (until, n) => say(`removed until ${until}: ${n} events`),
          beforeCommit: () => failpoint('before_commit'),
        });
      });
      say(
        horizon === null
          ? 'nothing is old enough'
          : `${dryRun === true ? 'would remove' : 'removed'} ${events} events; kept from ${horizon} on`,
      );
      printResult('db:retain', { dry_run: dryRun === true, horizon, events });
    });
}
