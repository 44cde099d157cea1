import { eventMessage, isKnownStatus, TOPIC_EVENTS } from '@rastreio/contract';
import { loadFile, takenBack, type LoadOptions, type LoadReport } from '@rastreio/csv';
import { createKafka, createPublisher, type KafkaConnection } from '@rastreio/kafka';
import { commandLog } from '../common/output';

const MESSAGES_PER_SEND = 2_000;

interface Counts {
  readonly published: number;
  readonly rejected: number;
}

export type KafkaSummary = Counts & LoadReport;

/**
 * Publishes a file's events. Bad rows do not go to Kafka. What was published before stays there when the import fails; importing
 * again publishes it again, which the consumer counts as duplicates.
 *
 * @param undo publishes what takes the events back instead
 * @throws OperatorError see loadFile, and the Kafka client's errors
 */
export async function toKafka(
  options: LoadOptions,
  connection: KafkaConnection,
  undo = false,
): Promise<KafkaSummary> {
  const log = commandLog('import');
  const kafka = createKafka({ ...connection, clientId: 'rastreio-import', log });
  const publisher = await createPublisher(kafka, TOPIC_EVENTS, log);
  let total: Counts = { published: 0, rejected: 0 };
  try {
    const report = await loadFile(options, {
      rowsPerWrite: MESSAGES_PER_SEND,
      refuse: () => null,
      // No database is at hand that may know more.
      knows: ({ status_rastreamento }) => isKnownStatus(status_rastreamento),
      statusesOf: 'program',
      async write(_source, events, rejected) {
        await publisher.send((undo ? events.map(takenBack) : events).map(eventMessage));
        total = {
          published: total.published + events.length,
          rejected: total.rejected + rejected.length,
        };
      },
    });
    return { ...total, ...report };
  } finally {
    await publisher.close();
  }
}
