// Shows G1, G5, G7 of docs/guarantees.md.
import { createDecoder, HEADER_PROBLEM, HEADER_PROFILE } from '@rastreio/contract';
import type { ReadPosition } from '@rastreio/database';
import { anyRecord } from '@rastreio/testing/records';
import fc from 'fast-check';
import { assemble } from './assemble';
import { toDeadLetters } from './deadLetters';
import { joinBatches, type BatchInHand } from './finishBatch';
import { receiveRecord, type ReceivedRecord } from './record';

const NOW = Date.now();
const decode = createDecoder();
const FROM = { topic: 't', partition: 0 };

test('whatever records come, each is one event or one letter, and every part of both can be stored', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRecord(NOW), { maxLength: 20 }), async (made) => {
      const records = made.map((record, i) =>
        receiveRecord({ ...record, offset: String(i), attributes: 0 }, NOW),
      );
      const { events, rejected, untimed } = await assemble({ ...FROM, records }, decode);
      expect(events.length + rejected.length).toBe(made.length);
      expect(untimed).toBe(records.filter((record) => record.untimed).length);
      for (const { recebido_em } of [...events, ...rejected])
        expect(new Date(recebido_em).getUTCFullYear()).toBeGreaterThanOrEqual(2000);
      for (const { detail, headers, reason } of rejected) {
        for (const text of [detail, reason, ...Object.entries(headers).flat()])
          expect(text.includes('\0') || !text.isWellFormed()).toBe(false);
      }
      const letters = toDeadLetters(rejected, records);
      expect(letters.map(({ value }) => value)).toEqual(rejected.map(({ value }) => value));
      expect(letters.every(({ headers = {} }) => Object.values(headers).every(isWritable))).toBe(true);
    }),
  );
});

test('a payload that a source’s profile could not read says that, also where an event could be made of it', async () => {
  const headers = { [HEADER_PROFILE]: 'loja', [HEADER_PROBLEM]: 'profile loja read 0 events' };
  const record = (offset: string, value: string) =>
    receiveRecord(
      { offset, key: null, value: Buffer.from(value), headers, timestamp: String(NOW), attributes: 0 },
      NOW,
    );
  const event =
    '{"id_pacote":1,"origem":"a","destino":"b","status_rastreamento":"c","data_atualizacao":"2026-01-01T00:00:00Z"}';
  const records = [record('0', '{"eventos":[]}'), record('1', event)];
  const { events, rejected } = await assemble({ ...FROM, records }, decode);
  expect(events).toEqual([]);
  expect(rejected).toMatchObject([
    {
      reason: 'unreadable_payload',
      detail:
        'profile loja read 0 events; correct the profile and read it again by "npm run dlq -- replay --profile loja"',
    },
    { reason: 'unreadable_payload' },
  ]);
});

test('what was read in parts and joined is what is read at once', () => {
  fc.assert(
    fc.property(fc.array(anyRecord(NOW), { minLength: 1, maxLength: 20 }), fc.nat(), (made, at) => {
      const records = made.map((record, i) =>
        receiveRecord({ ...record, offset: String(i), attributes: 0 }, NOW),
      );
      const part = (from: number, to: number) => batch(from, to, {}, records.slice(from, to));
      const cut = at % records.length;
      expect(joinBatches(part(0, cut), part(cut, records.length))).toEqual(part(0, records.length));
    }),
  );
});

test('a batch that is decoded in several goes is decoded whole and in order', async () => {
  const one =
    '{"id_pacote":1,"origem":"a","destino":"b","status_rastreamento":"c","data_atualizacao":"2026-01-01T00:00:00Z"}';
  const value = (i: number) => Buffer.from(i % 3 === 0 ? String(i) : one.replace('1', String(i)));
  const records = Array.from({ length: 12_345 }, (_, i) =>
    receiveRecord(
      { offset: String(i), key: null, value: value(i), timestamp: String(NOW), attributes: 0, headers: {} },
      NOW,
    ),
  );
  let others = 0;
  const timer = setInterval(() => others++, 0);
  const { events, rejected, records: accepted } = await assemble({ ...FROM, records }, decode);
  clearInterval(timer);
  expect(events.map(({ id_pacote }) => id_pacote)).toEqual(
    records.flatMap((_, i) => (i % 3 === 0 ? [] : [i])),
  );
  expect(accepted.map(({ offset }) => Number(offset))).toEqual(events.map(({ id_pacote }) => id_pacote));
  expect(rejected.map(({ offset }) => Number(offset))).toEqual(
    records.flatMap((_, i) => (i % 3 === 0 ? [i] : [])),
  );
  expect(others).toBeGreaterThan(0);
});

test('batches stay apart where messages were lost before one, and where one is not right behind the other', () => {
  const removed = ['0', '5'] as const;
  expect(joinBatches(batch(0, 5), batch(5, 9))?.position).toEqual(position(0, 9));
  expect(joinBatches(batch(0, 5, { removed }), batch(5, 9))).toBeUndefined();
  expect(joinBatches(batch(0, 5), batch(5, 9, { removed }))).toBeUndefined();
  // Read again from before, after the group changed.
  expect(joinBatches(batch(0, 5), batch(3, 9))).toBeUndefined();
  expect(joinBatches(batch(0, 5), batch(5, 9, { after: undefined }))).toBeUndefined();
});

function batch(
  from: number,
  to: number,
  change: Partial<ReadPosition> = {},
  records: readonly ReceivedRecord[] = [],
): BatchInHand {
  const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
  return { ...FROM, records, position: { ...position(from, to), ...change }, bytes, fetchedAtMs: 0 };
}

function position(after: number, next: number): ReadPosition {
  return { cluster: 'c', after: String(after), next: String(next), removed: null };
}

function isWritable(value: unknown): boolean {
  return [value].flat().every((one) => typeof one === 'string' || Buffer.isBuffer(one));
}
