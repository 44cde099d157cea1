import { EXIT, OperatorError, printable } from '@rastreio/runtime';
import type { Command } from 'commander';
import { exitCodes } from '../common/options';
import { printResult, say } from '../common/output';
import { parseTime } from '../common/parse';
import { reopeningOf } from './closing';
import { addParcelOptions, parseReason, type ParcelOptions } from './options';
import { assertNamed, withPlace } from './place';
import { storedClosings } from './queries';
import { sendEach } from './sendEach';

interface Options extends ParcelOptions {
  readonly reason?: string;
  readonly since?: string;
  readonly all: boolean;
}

const HELP = `
Each event of "rastreio parcel close" that fits all of the options is taken back by a correction through Kafka: state and figures are then as if it had
never been. Closings that the consumers have not written yet are not found. Repeating it changes nothing.

Examples:
  npx rastreio parcel reopen --reason "no scan for 90 days" --dry-run
  npx rastreio parcel reopen --carrier jadlog --since 2h
${exitCodes('done', 'some cannot be named in an event, or it failed', 'migrations are missing')}`;

/** Adds `parcel reopen`. */
export function addReopen(parcel: Command): void {
  addParcelOptions(
    parcel
      .command('reopen')
      .description('open parcels again that "parcel close" has closed: all is as it was before')
      .option('--reason <text>', 'closed with this reason', parseReason)
      .option(
        '--since <time>',
        'closed since then: an ISO 8601 instant, a date (UTC), or 90m, 2h, 3d ago',
        parseTime,
      )
      .option('--all', 'all of them, without --reason, --since and --carrier', false),
  )
    .addHelpText('after', HELP)
    .action(reopen);
}

async function reopen(options: Options): Promise<void> {
  const { reason, since, carrier, all, dryRun } = options;
  const isFiltered = [reason, since, carrier].some((option) => option !== undefined);
  if (isFiltered === all)
    throw new OperatorError(
      'Say which parcels are meant: either --all, or any of --reason, --since and --carrier',
      EXIT.usage,
    );
  const sent = await withPlace(options, (client, send) =>
    sendEach(storedClosings(client, { reason, since, carrier }), reopeningOf, send, {
      onExample: (closing, name) =>
        say(
          printable(
            `${dryRun ? 'would reopen' : 'reopening'} ${name}: ${closing.status}, "${closing.reason}"`,
          ),
        ),
      onProgress: (parcels) => say(`${parcels} closings so far`),
    }),
  );
  const { parcels } = sent;
  say(
    dryRun
      ? `${parcels} closings would be taken back; leave out --dry-run to do it`
      : `${parcels} closings taken back, once the consumers have read it (rastreio group show)`,
  );
  printResult('parcel:reopen', {
    dry_run: dryRun,
    reason: reason ?? null,
    since: since ?? null,
    carrier: carrier ?? null,
    ...sent,
  });
  assertNamed(sent);
}
