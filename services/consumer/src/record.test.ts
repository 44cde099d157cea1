// Shows G4, G5 of docs/guarantees.md.
import type { Decoder } from '@rastreio/contract';
import fc from 'fast-check';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { packAnswer, packBatch, type PackedRecord } from '@rastreio/testing/packBatch';
import type { KafkaMessage } from 'kafkajs';
import fetchResponse from 'kafkajs/src/protocol/requests/fetch/v11/response';
import { receiveRecord, receiveRecords, type ReceivedRecord } from './record';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const PLAIN = { key: null, value: null, timestamp: '0', attributes: 0, offset: '0', headers: {} };
const message = (
  change: Partial<Pick<KafkaMessage, 'key' | 'value' | 'timestamp' | 'headers'>>,
): KafkaMessage => ({
  ...PLAIN,
  ...change,
  headers: change.headers ?? {},
});

test.each([
  ['a minute ago', NOW - 60_000, true],
  ['from the year 2000', Date.parse('2000-01-01T00:00:00Z'), true],
  ['a clock that is ahead', NOW + 3_600_000, true],
  ['a day ahead', NOW + 24 * 3_600_000, true],
  ['more than a day ahead', NOW + 24 * 3_600_000 + 1, false],
  ['0', 0, false],
  ['-1, which stands for none', -1, false],
  ['seconds', Math.round(NOW / 1000), false],
  ['microseconds', `${NOW}000`, false],
  ['nanoseconds', `${NOW}000000`, false],
  ['1999', Date.parse('1999-12-31T23:59:59Z'), false],
  ['year 292278994', '9223372036854775807', false],
  ['the most negative number', '-9223372036854775808', false],
])('a record time that is %s: its own %p', (_name, timestamp, own) => {
  const record = receiveRecord(message({ timestamp: String(timestamp) }), NOW);
  expect(record).toMatchObject({
    timestamp: String(timestamp),
    receivedMs: own ? Number(timestamp) : NOW,
    untimed: !own,
  });
});

test('whatever 64 bits say, the receipt is an instant that any column takes', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (timestamp) => {
      const { receivedMs } = receiveRecord(message({ timestamp: String(timestamp) }), NOW);
      expect(new Date(receivedMs).toISOString() >= '2000-01-01').toBe(true);
      expect(receivedMs).toBeLessThanOrEqual(NOW + 24 * 3_600_000);
    }),
  );
});

test('headers without a value are empty; what is neither text nor bytes was not sent', () => {
  const odd = { empty: null, twice: [Buffer.from('1'), null], constructor: [Object, Buffer.from('x')] };
  const { headers } = receiveRecord(message({ headers: odd as never }), NOW);
  expect(headers).toEqual({
    empty: [Buffer.alloc(0)],
    twice: [Buffer.from('1'), Buffer.alloc(0)],
    constructor: [Buffer.from('x')],
  });
});

test('records that wait keep no more than their own bytes of what was fetched', () => {
  const fetched = Buffer.alloc(1_048_576, 'x');
  const part = (length: number) => fetched.subarray(0, length);
  const headers = { a: part(7), b: [part(2), 'text'] };
  const [first, second] = receiveRecords(
    [message({ key: part(3), value: part(100), headers }), message({ key: null, value: null, headers: {} })],
    NOW,
  );
  expect([first?.key?.toString(), first?.value?.toString()]).toEqual(['xxx', 'x'.repeat(100)]);
  // Each value of a header with its name and a byte for each of their lengths.
  expect([first?.bytes, second?.key, second?.value, second?.bytes]).toEqual([119 + 3 * 2, null, null, 0]);
  expect(first?.headers).toEqual({ a: [part(7)], b: [part(2), Buffer.from('text')] });
  for (const kept of [first?.key, first?.value, ...Object.values(first?.headers ?? {}).flat()])
    if (Buffer.isBuffer(kept)) expect(kept.buffer).not.toBe(fetched.buffer);
});

test('whatever headers a record has, they come back as they were sent, and wait as bytes', () => {
  const name = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', '__proto__', 'constructor', '0'),
  );
  const value = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(null),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(name, fc.array(value, { minLength: 1, maxLength: 3 })), {
        selector: ([n]) => n,
      }),
      (sent) => {
        const headers = Object.fromEntries(
          sent.map(([n, values]) => [n, values.length === 1 ? values[0] : values]),
        );
        const record = receiveRecord(message({ headers: headers as never }), NOW);
        const expected = sent.map(([n, values]) => [n, values.map((v) => v ?? Buffer.alloc(0))] as const);
        expect(record.headers).toEqual(Object.fromEntries(expected));
        const lengths = expected.flatMap(([n, values]) =>
          values.flatMap((v) =>
            [Buffer.byteLength(n), v.length].map((length) => length + (length < 64 ? 1 : 2)),
          ),
        );
        expect(record.bytes).toBe(lengths.reduce((sum, length) => sum + length, 0));
      },
    ),
  );
});

describe('what a broker answers with', () => {
  // Has fetches read as the consumer reads them; nothing is asked of a broker.
  createKafka({ brokers: 'localhost:1', clientId: 'record-test', log: createLog('test', 'silent') });

  async function fetched(records: readonly PackedRecord[], attributes = 0): Promise<readonly KafkaMessage[]> {
    const batch = packBatch({
      ...{ firstOffset: 7n, firstTimestamp: BigInt(NOW), maxTimestamp: BigInt(NOW) + 5n, producerId: -1n },
      ...{ attributes, records },
    });
    const answer = (await fetchResponse.decode(packAnswer(batch, batch))) as {
      responses: { partitions: { messages: KafkaMessage[] }[] }[];
    };
    return answer.responses[0]?.partitions[0]?.messages ?? [];
  }

  const bytes = fc.option(fc.uint8Array({ maxLength: 90 }).map((array) => Buffer.from(array)));
  const packed = fc.record({
    timestampDelta: fc.bigInt({ min: -(2n ** 42n), max: 2n ** 42n }),
    offsetDelta: fc.nat(70_000),
    key: bytes,
    value: bytes,
    headers: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'rastreio.perfil', ''), bytes), { maxLength: 3 }),
  });

  // Among them what kafkajs leaves out, so that records lie apart.
  test('is kept as it came, in memory of its own, whichever of its records are asked for', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(packed, { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(fc.boolean()),
        fc.boolean(),
        async (records, wanted, appended) => {
          const all = await fetched(records, appended ? 8 : 0);
          const some = all.filter(() => wanted.next().value);
          const kept = receiveRecords(some, NOW);
          const decode = jest.fn((...[part, from, to]: Parameters<Decoder>) => ({
            ok: true as const,
            event: (part === null ? null : Buffer.from(part).subarray(from, to)) as never,
          }));
          some.forEach((message, i) => {
            const record = kept[i] as ReceivedRecord;
            const { key, value, offset, timestamp } = message;
            expect(record).toMatchObject({ key, value, offset, timestamp });
            expect(record.decodedBy(decode)).toEqual({ ok: true, event: value });
            expect(record.headers).toEqual(receiveRecord({ ...plain(message), attributes: 0 }, NOW).headers);
            for (const part of [record.key, record.value, ...Object.values(record.headers).flat()])
              if (Buffer.isBuffer(part) && part.length > 0)
                expect(part.buffer).not.toBe(message.value?.buffer);
          });
          const size = kept.reduce((sum, record) => sum + record.bytes, 0);
          const whole = all.length === some.length;
          // Of the answer nothing else: that of a batch is 61 bytes more.
          if (whole) expect(size).toBe(2 * (packBatchBytes(records) - 61));
        },
      ),
    ));
});

/** A message as kafkajs gives it by itself. */
function plain({ key, value, offset, timestamp, headers }: KafkaMessage): KafkaMessage {
  return { key, value, offset, timestamp, attributes: 0, headers: headers ?? {} };
}

function packBatchBytes(records: readonly PackedRecord[]): number {
  const rest = { firstOffset: 0n, firstTimestamp: 0n, maxTimestamp: 0n, producerId: -1n, attributes: 0 };
  return packBatch({ ...rest, records }).length;
}
