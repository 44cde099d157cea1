// Shows G9 of docs/guarantees.md.
import type { KafkaMessage } from 'kafkajs';
import Decoder from 'kafkajs/src/protocol/decoder';
import fetchResponse from 'kafkajs/src/protocol/requests/fetch/v11/response';
import { mendDecoding } from './decoding';

// What a broker answers a fetch with, packed by hand: kafkajs's own producer takes minutes for so much.
// https://kafka.apache.org/documentation/#recordbatch
mendDecoding();

interface Packed {
  readonly value: string;
  readonly headers?: readonly (readonly [string, string])[];
}

async function read(records: readonly Packed[]): Promise<KafkaMessage[]> {
  const head = Buffer.alloc(61);
  const batch = Buffer.concat([head, ...records.map(packRecord)]);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt8(2, 16);
  batch.writeInt32BE(records.length - 1, 23);
  batch.writeInt32BE(records.length, 57);
  const topic = [int32(0), Buffer.alloc(2), int32(0), int32(1), Buffer.from([0, 1, 0x74]), int32(1)];
  const partition = [int32(0), Buffer.alloc(2), Buffer.alloc(24), int32(0), int32(-1), int32(batch.length)];
  const answer = (await fetchResponse.decode(Buffer.concat([...topic, ...partition, batch]))) as {
    responses: { partitions: { messages: KafkaMessage[] }[] }[];
  };
  return answer.responses[0]?.partitions[0]?.messages ?? [];
}

function packRecord({ value, headers = [] }: Packed, offset: number): Buffer {
  const body = Buffer.concat([
    ...[Buffer.from([0, 0]), varInt(offset), varInt(-1), text(value), varInt(headers.length)],
    ...headers.flatMap(([name, content]) => [text(name), text(content)]),
  ]);
  return Buffer.concat([varInt(body.length), body]);
}

function text(content: string): Buffer {
  return Buffer.concat([varInt(Buffer.byteLength(content)), Buffer.from(content)]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** Zigzag, seven bits a byte. */
function varInt(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = (value << 1) ^ (value >> 31); ; left >>>= 7) {
    if (left < 0x80) return Buffer.from([...bytes, left]);
    bytes.push((left & 0x7f) | 0x80);
  }
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
