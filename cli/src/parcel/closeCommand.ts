import { cleanStatus } from '@rastreio/contract';
import { printable } from '@rastreio/runtime';
import type { Command } from 'commander';
import { exitCodes } from '../common/options';
import { printResult, say } from '../common/output';
import { closingOf } from './closing';
import { addParcelOptions, parseAge, parseReason, type ParcelOptions } from './options';
import { assertNamed, withPlace } from './place';
import { assertClosable, openParcels } from './queries';
import { sendEach } from './sendEach';

interface Options extends ParcelOptions {
  /** The instant that is so long ago. */
  readonly olderThan: string;
  readonly status: string;
  readonly reason: string;
}

const HELP = `
For each open parcel whose latest event is older, an event with this status goes through Kafka, with the reason as descricao and codigo_evento
RASTREIO-ENCERRADO. It has the instant of that latest event, so that whatever the carrier reports of a later one opens the parcel again, even
where it is still on its way through Kafka. Repeating it changes nothing.

Examples:
  npx rastreio parcel close --older-than 90d --status EXTRAVIADO --reason "no scan for 90 days" --dry-run
  npx rastreio parcel close --older-than 12w --carrier jadlog --status CANCELADO --reason "contract ended"
${exitCodes('done', 'some cannot be named in an event, or it failed', 'migrations are missing')}`;

/** Adds `parcel close`. */
export function addClose(parcel: Command): void {
  addParcelOptions(
    parcel
      .command('close')
      .description('close open parcels of which nothing was heard for long, with a reason')
      .requiredOption('--older-than <age>', 'of the latest event: 90d, 12w', parseAge)
      .requiredOption('--status <status>', 'a final status of the catalogue, not ENTREGUE', cleanStatus)
      .requiredOption('--reason <text>', 'shown on the parcel’s page', parseReason),
  )
    .addHelpText('after', HELP)
    .action(close);
}

async function close(options: Options): Promise<void> {
  const { olderThan: before, status, reason, carrier, dryRun } = options;
  const sent = await withPlace(options, async (client, send) => {
    await assertClosable(client, status);
    return sendEach(
      openParcels(client, { before, status, carrier }),
      (parcel) => closingOf(parcel, status, reason),
      send,
      {
        onExample: (parcel, name) =>
          say(
            printable(
              `${dryRun ? 'would close' : 'closing'} ${name}: ${parcel.status} since ${parcel.latest}`,
            ),
          ),
        onProgress: (parcels) => say(`${parcels} parcels so far`),
      },
    );
  });
  const { parcels } = sent;
  say(
    dryRun
      ? `${parcels} parcels would be closed as ${status}; leave out --dry-run to close them`
      : `${parcels} parcels closed as ${status}, once the consumers have read it (rastreio group show); ` +
          `rastreio parcel reopen --reason "${printable(reason)}" opens them again`,
  );
  printResult('parcel:close', { dry_run: dryRun, before, status, reason, carrier: carrier ?? null, ...sent });
  assertNamed(sent);
}
