import { CONSUMER_GROUP, TOPIC_EVENTS } from '@rastreio/contract';
import { createKafka, ensureTopics, passedOverFrom } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { runRastreio } from '@rastreio/testing/command';
import { startOwnBroker } from '@rastreio/testing/ownBroker';

const log = createLog('test', 'silent');

test('what nobody can read is passed over, forward only and while no consumer runs', async () => {
  const broker = await startOwnBroker();
  try {
    const { brokers } = broker;
    await ensureTopics({ brokers, partitions: 2, log });
    const kafka = createKafka({ brokers, clientId: 'test', log });
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({
      topic: TOPIC_EVENTS,
      messages: Array.from({ length: 5 }, (_, i) => ({ value: String(i), partition: 1 })),
    });
    await producer.disconnect();
    const group = (...args: string[]) => runRastreio(['group', ...args, '--brokers', brokers]);

    expect((await group('show')).result).toMatchObject({
      group: CONSUMER_GROUP,
      members: 0,
      positions: [
        { partition: 0, next: null, first: '0', end: '0' },
        { partition: 1, next: null, first: '0', end: '5' },
      ],
    });
    const skipped = await group('skip', '1', '2');
    expect([skipped.code, skipped.result]).toMatchObject([0, { partition: 1, from: '0', to: '2' }]);
    expect(skipped.stderr).toContain('2 messages passed over');
    // The message stays unreadable: the next offset is tried, and the mark below is still where it began.
    expect((await group('skip', '1', '3')).result).toMatchObject({ from: '2', to: '3' });
    expect((await group('show')).result).toMatchObject({
      positions: [{ next: null }, { next: '3', end: '5' }],
    });

    // By its mark a consumer knows that it is not to go back to what was passed over.
    const admin = kafka.admin();
    await admin.connect();
    const [committed] = await admin.fetchOffsets({ groupId: CONSUMER_GROUP, topics: [TOPIC_EVENTS] });
    await admin.disconnect();
    const marks = committed?.partitions.map(({ partition, metadata }) => [
      partition,
      passedOverFrom(metadata),
    ]);
    expect(new Map(marks as [number, bigint | null][])).toEqual(
      new Map([
        [0, null],
        [1, 0n],
      ]),
    );

    for (const [partition, offset, says] of [
      ['1', '3', /offset 3 .* is not after 3/],
      ['1', '2', /not after 3/],
      ['1', '6', /up to 5, the end/],
      ['2', '1', /no partition 2; it has 0 to 1/],
      ['1', '-1', /./],
      ['1', '1e3', /an offset is a whole number/],
      ['x', '1', /./],
    ] as const) {
      const refused = await group('skip', partition, offset);
      expect([partition, offset, refused.code]).toEqual([partition, offset, 2]);
      expect(refused.stderr).toMatch(says);
    }

    const read: string[] = [];
    const consumer = kafka.consumer({ groupId: CONSUMER_GROUP });
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC_EVENTS, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          eachMessage: ({ message }) => {
            read.push(String(message.value));
            if (read.length === 2) resolve();
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
    expect(read).toEqual(['3', '4']);
    const running = await group('skip', '1', '4');
    expect([running.code, running.stderr]).toEqual([1, expect.stringMatching(/has 1 member/)]);
    await consumer.disconnect();
  } finally {
    await broker.remove();
  }
});
