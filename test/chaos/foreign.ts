import { TOPIC_EVENTS } from '@rastreio/contract';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { oddSurroundings } from '@rastreio/testing/oddRecords';
import { takeAnyTime } from '@rastreio/testing/topic';

/**
 * A producer that is not ours: sends copies of what is on the topic, rejected messages too, to any partition, with times that cannot be
 * true and any headers and keys around them. No table may show that.
 */
export interface Foreign {
  readonly sent: () => number;
  readonly stop: () => Promise<void>;
}

/** One message of so many is sent again. */
const EVERY = 50;

/** Starts it; it goes on through outages of the broker. */
export async function startForeign(brokers: string): Promise<Foreign> {
  const kafka = createKafka({ brokers, clientId: 'foreign', log: createLog('foreign', 'silent') });
  await takeAnyTime(kafka, TOPIC_EVENTS);
  const admin = kafka.admin();
  await admin.connect();
  const partitions = (await admin.fetchTopicOffsets(TOPIC_EVENTS)).length;
  await admin.disconnect();
  const around = oddSurroundings(Date.now());
  const producer = kafka.producer();
  const consumer = kafka.consumer({
    groupId: 'foreign',
    retry: { restartOnFailure: () => Promise.resolve(true) },
  });
  await producer.connect();
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC_EVENTS, fromBeginning: true });
  let sent = 0;
  await consumer.run({
    eachBatch: async ({ batch }) => {
      const messages = batch.messages
        .filter(({ offset }) => Number(offset) % EVERY === 0)
        .map(({ value }) => {
          const n = sent++;
          return { ...around[n % around.length], value, partition: n % partitions };
        });
      if (messages.length > 0) await producer.send({ topic: TOPIC_EVENTS, messages });
    },
  });
  return {
    sent: () => sent,
    async stop() {
      await consumer.disconnect();
      await producer.disconnect();
    },
  };
}
