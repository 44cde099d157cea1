import { eventMessage, TOPIC_EVENTS, type TrackingEvent } from '@rastreio/contract';
import { assertSchema, withClient } from '@rastreio/database';
import { createKafka, createPublisher, readGroup, type KafkaConnection } from '@rastreio/kafka';
import { OperatorError } from '@rastreio/runtime';
import type { ClientBase } from 'pg';
import { findAnsweringKafka } from '../common/kafka';
import { commandLog, say } from '../common/output';
import { findDatabase } from '../common/where';
import type { ParcelOptions } from './options';
import type { Sent } from './sendEach';

type Send = (events: readonly TrackingEvent[]) => Promise<void>;

/** What both commands work on, for as long as `use` takes. A dry run sends nothing and needs no Kafka. */
export async function withPlace<T>(
  options: ParcelOptions,
  use: (client: ClientBase, send: Send) => Promise<T>,
): Promise<T> {
  const databaseUrl = await findDatabase(options, 'writer');
  const inDatabase = (send: Send) =>
    withClient(databaseUrl, async (client) => {
      await assertSchema(client);
      return use(client, send);
    });
  if (options.dryRun) return inDatabase(() => Promise.resolve());
  const connection = await findAnsweringKafka(options);
  await tellWaiting(connection, options.group);
  const log = commandLog('parcel');
  const kafka = createKafka({ ...connection, clientId: 'rastreio-parcel', log });
  const publisher = await createPublisher(kafka, TOPIC_EVENTS, log);
  try {
    return await inDatabase((events) => publisher.send(events.map(eventMessage)));
  } finally {
    await publisher.close();
  }
}

/** The database does not know yet what the consumers have not read. */
async function tellWaiting(connection: KafkaConnection, group: string): Promise<void> {
  const log = commandLog('parcel', 'silent');
  const { positions } = await readGroup({ ...connection, group, topic: TOPIC_EVENTS, log });
  const waiting = positions.reduce(
    (sum, { next, first, end }) => sum + (BigInt(end) - BigInt(next ?? first)),
    0n,
  );
  if (waiting > 0n)
    say(
      `${waiting} messages wait in Kafka for the consumers of ${group}; what they say of parcels is not known here yet`,
    );
}

/** @throws OperatorError when parcels are left that no event can name */
export function assertNamed({ unnamed, unnamed_examples }: Sent): void {
  if (unnamed === 0) return;
  throw new OperatorError(
    `${unnamed} parcels cannot be named in an event (id_pacote ${unnamed_examples.join(', ')}${unnamed > unnamed_examples.length ? ', …' : ''}): ` +
      'the table codigos has no tracking number of theirs; restore it from a backup, or let their carrier report them once more',
  );
}
