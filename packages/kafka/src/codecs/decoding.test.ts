// Shows G9 of docs/guarantees.md.
import type { KafkaMessage } from 'kafkajs';
import Decoder from 'kafkajs/src/protocol/decoder';
import fetchResponse from 'kafkajs/src/protocol/requests/fetch/v11/response';
import { packAnswer, packBatch } from '@rastreio/testing/packBatch';
import { mendDecoding } from './decoding';

// What a broker answers a fetch with, packed by hand: kafkajs's own producer takes minutes for so much.
mendDecoding();

interface Packed {
  readonly value: string;
  readonly headers?: readonly (readonly [string, string])[];
}

async function read(records: readonly Packed[]): Promise<KafkaMessage[]> {
  const batch = packBatch({
    ...{ firstOffset: 0n, firstTimestamp: 0n, maxTimestamp: 0n, producerId: -1n, attributes: 0 },
    records: records.map(({ value, headers = [] }, i) => ({
      ...{ timestampDelta: 0n, offsetDelta: i, key: null, value: Buffer.from(value) },
      headers: headers.map(([name, content]) => [name, Buffer.from(content)] as const),
    })),
  });
  const answer = (await fetchResponse.decode(packAnswer(batch))) as {
    responses: { partitions: { messages: KafkaMessage[] }[] }[];
  };
  return answer.responses[0]?.partitions[0]?.messages ?? [];
}

// kafkajs by itself takes four minutes for these, in which no heartbeat goes out.
test('a record with 20,000 headers is read', async () => {
  const headers = Array.from({ length: 20_000 }, (_, i) => [`h${i}`, String(i)] as const);
  const [message] = await read([{ value: 'x', headers }]);
  expect(Object.keys(message?.headers ?? {})).toHaveLength(20_000);
  expect(String(message?.headers?.h19999)).toBe('19999');
});

// A few of them in one fetch were a gigabyte of objects.
test('headers stay the bytes that they came as until somebody asks for them', async () => {
  const name = jest.spyOn(Decoder.prototype, 'readVarIntString');
  const headers = Array.from({ length: 20_000 }, (_, i) => [`h${i}`, ''] as const);
  const messages = await read([{ value: 'x', headers }, { value: 'y' }, { value: 'z', headers }]);
  expect(messages.map(({ value }) => String(value))).toEqual(['x', 'y', 'z']);
  expect(name).not.toHaveBeenCalled();
  expect(messages.map(({ headers: shown }) => Object.keys(shown ?? {}).length)).toEqual([20_000, 0, 20_000]);
  expect(name).toHaveBeenCalledTimes(40_000);
  name.mockRestore();
});

// And of these it says "Maximum call stack size exceeded", at each try.
test('a batch of 130,000 records is read, in order', async () => {
  const messages = await read(Array.from({ length: 130_000 }, (_, i) => ({ value: String(i) })));
  expect(messages).toHaveLength(130_000);
  expect(messages.every(({ value, offset }, i) => String(value) === String(i) && offset === String(i))).toBe(
    true,
  );
});

test('a header that comes several times is a list, also one named like a member of every object', async () => {
  const headers = [
    ['a', '1'],
    ['b', '2'],
    ['constructor', '3'],
    ['b', '4'],
    ['__proto__', '5'],
    ['b', '6'],
    ['__proto__', '7'],
  ] as const;
  const [message] = await read([{ value: 'x', headers }]);
  const found = Object.entries(message?.headers ?? {}).map(([name, values]) => [
    name,
    [values ?? []].flat().map(String),
  ]);
  expect(found).toEqual([
    ['a', ['1']],
    ['b', ['2', '4', '6']],
    ['constructor', ['3']],
    ['__proto__', ['5', '7']],
  ]);
});
