import { createLog } from '@rastreio/runtime';
import fc from 'fast-check';
import type { ICustomPartitioner, Kafka, Message, PartitionMetadata } from 'kafkajs';
import { createPublisher } from './publisher';

const PARTITIONS = 4;
const partitionMetadata = Array.from(
  { length: PARTITIONS },
  (_, partitionId) => ({ partitionId, leader: 1 }) as PartitionMetadata,
);

/**
 * A producer that answers as kafkajs does after a leader died: a send is resolved, and the answer lacks partitions whose messages
 * were not sent. `answers` says of each send which partitions it has.
 */
function forgetful(answers: readonly (readonly number[])[]) {
  const written: { readonly partition: number; readonly value: string }[] = [];
  let sends = 0;
  const producer = ({ createPartitioner }: { createPartitioner: ICustomPartitioner }) => {
    const choose = createPartitioner();
    const place = (message: Message) => choose({ topic: 't', partitionMetadata, message });
    return {
      connect: () => Promise.resolve(),
      disconnect: () => Promise.resolve(),
      send({ messages }: { messages: Message[] }) {
        const answered = new Set(answers[sends++] ?? partitionMetadata.map((p) => p.partitionId));
        // Twice, as at each try within a send.
        for (const message of messages) place(message);
        const placed = messages.map((message) => ({
          partition: place(message),
          value: String(message.value),
        }));
        const taken = placed.filter(({ partition }) => answered.has(partition));
        written.push(...taken);
        const partitions = [...new Set(taken.map(({ partition }) => partition))];
        return Promise.resolve(partitions.map((partition) => ({ topicName: 't', partition, errorCode: 0 })));
      },
    };
  };
  return { kafka: { producer } as unknown as Kafka, written, sends: () => sends };
}

test('what a resolved send left out is sent again, in order, and nothing else is', async () => {
  const keys = fc.array(fc.option(fc.string({ minLength: 1, maxLength: 3 })), {
    minLength: 1,
    maxLength: 30,
  });
  const answered = fc.array(fc.subarray(partitionMetadata.map((p) => p.partitionId)), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(keys, answered, async (list, answers) => {
      const { kafka, written } = forgetful(answers);
      const publisher = await createPublisher(kafka, 't', createLog('test', 'silent'));
      const messages = list.map((key, i) => ({ key, value: String(i) }));
      await publisher.send(messages);
      expect(written.map(({ value }) => value).sort()).toEqual(messages.map(({ value }) => value).sort());
      for (const { partitionId } of partitionMetadata) {
        const order = written
          .filter(({ partition }) => partition === partitionId)
          .map(({ value }) => Number(value));
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
      await publisher.close();
    }),
  );
});

test('a send that left nothing out is one send', async () => {
  const { kafka, sends } = forgetful([]);
  const publisher = await createPublisher(kafka, 't', createLog('test', 'silent'));
  await publisher.send([
    { key: 'a', value: '1' },
    { key: null, value: '2' },
  ]);
  expect(sends()).toBe(1);
});

test('sends go one after the other, and one that fails holds up none', async () => {
  let [under, most, sends] = [0, 0, 0];
  const producer = {
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    async send({ messages }: { messages: Message[] }) {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setImmediate(resolve));
      under--;
      if (++sends === 2) throw new Error('refused');
      return messages.map(() => ({ topicName: 't', partition: undefined, errorCode: 0 }));
    },
  };
  const kafka = { producer: () => producer } as unknown as Kafka;
  const publisher = await createPublisher(kafka, 't', createLog('test', 'silent'));
  const results = await Promise.allSettled(
    ['a', 'b', 'c', 'd'].map((value) => publisher.send([{ key: null, value }])),
  );
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect([most, sends]).toEqual([1, 4]);
});
