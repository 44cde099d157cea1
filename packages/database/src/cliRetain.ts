import { createFailpoint } from '@rastreio/runtime';
import { Option, type Command } from 'commander';
import { assertSchema } from './schema/state';
import { withClient } from './connect/provision';
import { retainEvents } from './maintain/retainEvents';
import { assertOwner } from './maintain/verifyTables';

interface Options {
  databaseUrl: string;
  olderThan: string;
  dryRun?: boolean;
}

/** Adds `retain`: removes old events, and leaves all figures as they are. */
export function addRetain(program: Command): void {
  program
    .command('retain')
    .description('remove old events; all figures stay as they are, and older events are refused from then on')
    .addOption(
      new Option('--database-url <url>', 'the database, as rastreio_owner')
        .env('DATABASE_URL')
        .makeOptionMandatory(),
    )
    .requiredOption('--older-than <interval>', 'age of the events to remove, for example "400 days"')
    .option('--dry-run', 'only tell what would be removed')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 usage, 78 migrations are pending or the role is not the owner.',
    )
    .action(async ({ databaseUrl, olderThan, dryRun }: Options) => {
      const failpoint = createFailpoint(['before_commit'], process.env.FAILPOINT);
      const { horizon, events } = await withClient(databaseUrl, async (client) => {
        await assertSchema(client);
        await assertOwner(client);
        return retainEvents(client, {
          olderThan,
          dryRun,
          onStep: (until, n) => void process.stderr.write(`removed until ${until}: ${n} events\n`),
          beforeCommit: () => failpoint('before_commit'),
        });
      });
      process.stderr.write(
        horizon === null
          ? 'nothing is old enough\n'
          : `${dryRun === true ? 'would remove' : 'removed'} ${events} events; kept from ${horizon} on\n`,
      );
      process.stdout.write(
        `${JSON.stringify({ command: 'db:retain', dry_run: dryRun === true, horizon, events })}\n`,
      );
    });
}
