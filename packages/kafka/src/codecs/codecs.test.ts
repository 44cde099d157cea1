// Shows G9 of docs/guarantees.md.
import { createLog } from '@rastreio/runtime';
import { compress as compressSnappy } from 'snappyjs';
import { JAVA_CODECS, sendWithJava } from '@rastreio/testing/javaProducer';
import { KAFKA_BROKERS } from '@rastreio/testing/kafka';
import { freshTopic, readTopic } from '@rastreio/testing/topic';
import { createKafka } from '../client';
import { readLz4Frame } from './lz4Frame';
import { readSnappy } from './xerialSnappy';

const kafka = createKafka({
  brokers: KAFKA_BROKERS,
  clientId: 'codecs-test',
  log: createLog('test', 'silent'),
});

// Long enough for several blocks of every codec, and with what compresses well and what does not.
const EVENTS = Array.from({ length: 1_000 }, (_, i) =>
  JSON.stringify({ id_pacote: i, origem: 'São Paulo', destino: '🚚'.repeat(i % 30), noise: noise(i, 200) }),
);

test.each(JAVA_CODECS)('1,000 events that a Java producer sends with %s are read', async (codec) => {
  const topic = await freshTopic(kafka, 1);
  await sendWithJava(topic, codec, EVENTS);
  const values = (await readTopic(kafka, topic, EVENTS.length)).map(({ value }) => value);
  expect(values).toEqual(EVENTS);
});

test('Snappy without framing is read, as librdkafka writes it', () => {
  const content = Buffer.from(EVENTS.join('\n'));
  expect(readSnappy(compressSnappy(content))).toEqual(content);
  expect(() => readSnappy(compressSnappy(content).subarray(0, 5_000))).toThrow();
});

describe('LZ4 frames that Kafka’s Java client does not write', () => {
  const HEADER = [0x04, 0x22, 0x4d, 0x18];
  const END = [0, 0, 0, 0];
  // Five literals, then a match of 4 at distance 5 and one last literal: "abcdeabcd" + "e".
  const BLOCK = [0x50, 0x61, 0x62, 0x63, 0x64, 0x65, 0x05, 0x00, 0x10, 0x65];
  const SUM = [1, 2, 3, 4];
  const length = (n: number) => [n, 0, 0, 0];

  test('a content size and block checksums are passed over', () => {
    const size = [10, 0, 0, 0, 0, 0, 0, 0];
    const frame = [...HEADER, 0x78, 0x40, ...size, 0, ...length(BLOCK.length), ...BLOCK, ...SUM, ...END];
    expect(readLz4Frame(Buffer.from(frame)).toString()).toBe('abcdeabcde');
  });

  test('a block refers to the one before it', () => {
    const match = [0x00, 0x0a, 0x00, 0x10, 0x21];
    const blocks = [...length(BLOCK.length), ...BLOCK, ...length(match.length), ...match];
    expect(readLz4Frame(Buffer.from([...HEADER, 0x40, 0x40, 0, ...blocks, ...END])).toString()).toBe(
      'abcdeabcdeabcd!',
    );
  });

  test.each([
    ['another magic number', [1, 2, 3, 4, 0x40, 0x40, 0, ...END]],
    ['another version', [...HEADER, 0x80, 0x40, 0, ...END]],
    ['a dictionary', [...HEADER, 0x41, 0x40, 0, ...END]],
    ['no such block size', [...HEADER, 0x40, 0x00, 0, ...END]],
    ['a block that is cut off', [...HEADER, 0x40, 0x40, 0, ...length(99), ...BLOCK]],
    ['no end', [...HEADER, 0x40, 0x40, 0, ...length(BLOCK.length), ...BLOCK]],
    ['nothing', []],
  ])('%s is an error', (_, bytes) => {
    expect(() => readLz4Frame(Buffer.from(bytes))).toThrow();
  });
});

test('writing with a codec that is only read is refused with what to do', async () => {
  const topic = await freshTopic(kafka, 1);
  const producer = kafka.producer({ retry: { retries: 0 } });
  await producer.connect();
  await expect(producer.send({ topic, compression: 4, messages: [{ value: 'x' }] })).rejects.toThrow(
    'zstd is read, not written; send with gzip or without compression',
  );
  await producer.disconnect();
});

/** Text that hardly compresses, the same in every run. */
function noise(seed: number, length: number): string {
  let state = seed + 1;
  let text = '';
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += String.fromCharCode(33 + ((state >>> 16) % 90));
  }
  return text;
}
