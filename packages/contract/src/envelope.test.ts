import { gzipSync } from 'node:zlib';
import { createDecoder } from './decode';
import { findEnvelope } from './envelope';

const EVENT = {
  id_pacote: 7,
  origem: 'Natal',
  destino: 'Acre',
  status_rastreamento: 'POSTADO',
  data_atualizacao: '2026-01-01T00:00:00Z',
};
const decode = createDecoder();
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const wire = (schema: number, data: Buffer) => {
  const head = Buffer.alloc(5);
  head.writeInt32BE(schema, 1);
  return Buffer.concat([head, data]);
};
const debezium = { before: null, after: EVENT, op: 'c', ts_ms: 1 };
const cloudEvent = { specversion: '1.0', type: 'x', source: '/y', id: '1' };

test.each([
  ['Confluent with JSON', wire(42, json(EVENT)), 'schema 42, JSON'],
  ['Kafka Connect', json({ schema: { type: 'struct' }, payload: EVENT }), 'Kafka Connect'],
  ['Debezium', json(debezium), 'Debezium'],
  ['Debezium in Kafka Connect', json({ schema: {}, payload: debezium }), 'Debezium'],
  ['Kafka Connect in Confluent', wire(1, json({ schema: {}, payload: debezium })), 'schema 1, JSON'],
  ['CloudEvents', json({ ...cloudEvent, data: EVENT }), 'CloudEvent'],
  [
    'CloudEvents with Base64',
    json({ ...cloudEvent, data_base64: json(EVENT).toString('base64') }),
    'CloudEvent',
  ],
  ['Base64', Buffer.from(json(EVENT).toString('base64')), 'Base64'],
  ['Base64 for URLs', Buffer.from(json(EVENT).toString('base64url')), 'Base64'],
  ['Base64 as a JSON text', json(json(EVENT).toString('base64')), 'Base64'],
  ['encoded twice', json(JSON.stringify(EVENT)), 'JSON text within JSON'],
  ['encoded three times', json(JSON.stringify(JSON.stringify(EVENT))), 'JSON text within JSON'],
])('%s: the reason names it, and what is in it is the event', (_name, bytes, word) => {
  const result = decode(bytes);
  if (result.ok) throw new Error('it must be rejected');
  expect(result.rejections[0]).toMatchObject({ reason: 'envelope', field: null });
  expect(result.rejections[0].detail).toContain(word);
  expect(findEnvelope(bytes)?.content).toEqual(EVENT);
});

test.each([
  ['Avro in Confluent', wire(42, Buffer.from([0x0e, 0xff, 0x01])), 'schema 42, Avro or Protobuf'],
  ['gzip', gzipSync(json(EVENT)), 'gzip'],
  ['Zstandard', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x24]), 'Zstandard'],
  ['an Avro file', Buffer.from('Obj\u0001\u0002'), 'Avro file'],
  ['a Debezium deletion', json({ before: EVENT, after: null, op: 'd' }), 'Debezium'],
  ['a CloudEvent without data', json(cloudEvent), 'CloudEvent'],
])('%s: the reason names it and says that it cannot be opened', (_name, bytes, word) => {
  const result = decode(bytes);
  if (result.ok) throw new Error('it must be rejected');
  expect(result.rejections[0]).toMatchObject({ reason: 'envelope', field: null });
  expect(result.rejections[0].detail).toContain(word);
  expect(findEnvelope(bytes)?.content).toBeUndefined();
});

test('numbers in an envelope are those that were sent', () => {
  const bytes = Buffer.from(
    `{"schema":{},"payload":${JSON.stringify(EVENT).replace(':7,', ':9007199254740993,')}}`,
  );
  expect(findEnvelope(bytes)?.content).toMatchObject({ id_pacote: { text: '9007199254740993' } });
});

test.each([
  ['a number of many digits', Buffer.from('9007199254740993')],
  ['an event', json(EVENT)],
  ['an event with a field like an envelope', json({ ...EVENT, payload: {}, schema: {} })],
  ['an event that lacks a field', json({ ...EVENT, origem: undefined, after: {}, op: 'c' })],
  ['a text', json('hello world')],
  ['Base64 of something else', Buffer.from(Buffer.from('hello world').toString('base64'))],
  ['UTF-16', Buffer.from(JSON.stringify(EVENT), 'utf16le').swap16()],
  ['zeros', Buffer.alloc(20)],
  ['nothing', Buffer.alloc(0)],
  ['an object of another kind', json({ hello: 'world' })],
])('%s is none', (_name, bytes) => {
  expect(findEnvelope(bytes)).toBeNull();
});
