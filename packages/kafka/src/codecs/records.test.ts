// Shows G9 of docs/guarantees.md.
import fc from 'fast-check';
import Decoder from 'kafkajs/src/protocol/decoder';
import { gzipSync } from 'node:zlib';
import type { FetchedRecord } from './fetchedRecord';
import { readBatch } from './records';
import { packBatch, type PackedRecord } from '@rastreio/testing/packBatch';
import { registerCodecs } from './register';

// As kafkajs itself reads them.
const decodeRecordBatch: (decoder: Decoder) => Promise<{ readonly records: readonly FetchedRecord[] }> =
  jest.requireActual('kafkajs/src/protocol/recordBatch/v0/decoder');
registerCodecs();

const int64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 42n }),
  // With what is added: what does not fit into 64 bits no broker has.
  fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
  fc.constantFrom(-1n, 0n, 2n ** 53n - 2n, -(2n ** 53n)),
);
const bytes = fc.option(fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)));
/** kafkajs takes a header named like a member of every object for a second one. */
const name = fc.string({ maxLength: 9 }).filter((text) => !(text in {}));
const delta = fc.oneof(
  fc.bigInt({ min: -70_000n, max: 70_000n }),
  fc.constantFrom(2n ** 34n, -(2n ** 48n), 2n ** 49n),
);
const record: fc.Arbitrary<PackedRecord> = fc.record({
  timestampDelta: delta,
  offsetDelta: fc.oneof(fc.nat(70_000), fc.constantFrom(2 ** 27, 2 ** 31 - 1)),
  key: bytes,
  value: bytes,
  headers: fc.array(fc.tuple(name, bytes), { maxLength: 4 }),
});
const batch = fc.record({
  firstOffset: fc.bigInt({ min: 0n, max: 2n ** 62n }),
  firstTimestamp: int64,
  maxTimestamp: int64,
  producerId: int64,
  // Neither compressed nor not: what is told by bits.
  attributes: fc.integer({ min: 0, max: 7 }).map((bits) => bits << 3),
  records: fc.array(record, { maxLength: 20 }),
});

const read = async (packed: Buffer) => {
  const [decoder, records] = [new Decoder(packed), [] as FetchedRecord[]];
  const found = [];
  while (await readBatch(decoder, records)) found.push(records.length);
  return { records, found };
};
const shown = (records: readonly FetchedRecord[]) =>
  records.map((record) => {
    const { offset, timestamp, key, value, headers, attributes, isControlRecord, magicByte, batchContext } =
      record;
    const { producerId, inTransaction } = batchContext;
    return {
      ...{ offset, timestamp, key, value, headers: Object.entries(headers) },
      ...{ attributes, isControlRecord, magicByte, producerId, inTransaction },
    };
  });

test('any batch is read as kafkajs itself reads it', async () => {
  await fc.assert(
    fc.asyncProperty(batch, async (given) => {
      const packed = packBatch(given);
      const expected = await decodeRecordBatch(new Decoder(packed));
      const { records } = await read(packed);
      expect(shown(records)).toEqual(shown(expected.records));
    }),
  );
});

test('a batch that was packed by gzip is read', async () => {
  const records = [{ timestampDelta: 1n, offsetDelta: 0, key: null, value: Buffer.from('x'), headers: [] }];
  const plain = { firstOffset: 7n, firstTimestamp: 5n, maxTimestamp: 6n, producerId: -1n, records };
  const packed = packBatch({ ...plain, attributes: 1 }, gzipSync);
  expect(shown((await read(packed)).records)).toMatchObject([{ offset: '7', timestamp: '6', key: null }]);
});

test('a batch that is cut off anywhere is left for the next fetch', async () => {
  const records = [{ timestampDelta: 1n, offsetDelta: 0, key: null, value: Buffer.from('xy'), headers: [] }];
  const one = packBatch({
    firstOffset: 0n,
    firstTimestamp: 0n,
    maxTimestamp: 0n,
    producerId: -1n,
    attributes: 0,
    records,
  });
  for (let length = 0; length < one.length; length++)
    expect(await read(Buffer.concat([one, one.subarray(0, length)]))).toMatchObject({ found: [1] });
});

test('damaged records are refused, whatever is damaged, and never read past their batch', async () => {
  await fc.assert(
    fc.asyncProperty(batch, fc.nat(), fc.nat(255), async (given, place, byte) => {
      const packed = packBatch(given);
      const behindCount = 61;
      if (packed.length === behindCount) return;
      packed[behindCount + (place % (packed.length - behindCount))] = byte;
      try {
        const { records } = await read(Buffer.concat([packed, Buffer.alloc(40, 0x41)]));
        expect(records.length).toBe(given.records.length);
      } catch (error) {
        expect(error).toMatchObject({
          name: 'KafkaJSNonRetriableError',
          message: expect.stringMatching(/cannot be unpacked/) as string,
        });
      }
    }),
  );
});

test.each([
  ['a count of records below zero', 57, -2_147_483_648],
  ['a count of fewer records than there are', 57, 1],
  ['a count of more', 57, 3],
  ['a length below zero', 8, -1],
  ['a length of less than a batch has', 8, 20],
])('%s is refused, and nothing behind it is passed over in silence', async (_name, place, number) => {
  const record = { timestampDelta: 1n, key: null, value: Buffer.from('xy'), headers: [] };
  const packed = packBatch({
    ...{ firstOffset: 7n, firstTimestamp: 0n, maxTimestamp: 0n, producerId: -1n, attributes: 0 },
    records: [0, 1].map((offsetDelta) => ({ ...record, offsetDelta })),
  });
  const damaged = Buffer.from(packed);
  damaged.writeInt32BE(number, place);
  await expect(read(Buffer.concat([damaged, packed]))).rejects.toMatchObject({
    name: 'KafkaJSNonRetriableError',
    message: expect.stringMatching(/^the batch at offset 7 cannot be unpacked/) as string,
  });
});
