// Shows G1, G5, G7 of docs/guarantees.md.
import { createDecoder, HEADER_PROBLEM, HEADER_PROFILE } from '@rastreio/contract';
import type { ReadPosition } from '@rastreio/database';
import { anyRecord } from '@rastreio/testing/records';
import fc from 'fast-check';
import { assemble, joinAssembled } from './assemble';
import { toDeadLetters } from './deadLetters';
import { receiveRecord } from './record';

const NOW = Date.now();
const decode = createDecoder();

test('whatever records come, each is one event or one letter, and every part of both can be stored', () => {
  fc.assert(
    fc.property(fc.array(anyRecord(NOW), { maxLength: 20 }), (made) => {
      const records = made.map((record, i) =>
        receiveRecord({ ...record, offset: String(i), attributes: 0 }, NOW),
      );
      const { events, rejected, untimed } = assemble('t', 0, records, decode);
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

test('a payload that a source’s profile could not read says that, also where an event could be made of it', () => {
  const headers = { [HEADER_PROFILE]: 'loja', [HEADER_PROBLEM]: 'profile loja read 0 events' };
  const record = (offset: string, value: string) =>
    receiveRecord(
      { offset, key: null, value: Buffer.from(value), headers, timestamp: String(NOW), attributes: 0 },
      NOW,
    );
  const event =
    '{"id_pacote":1,"origem":"a","destino":"b","status_rastreamento":"c","data_atualizacao":"2026-01-01T00:00:00Z"}';
  const { events, rejected } = assemble('t', 0, [record('0', '{"eventos":[]}'), record('1', event)], decode);
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
      const part = (from: number, to: number) =>
        assemble('t', 0, records.slice(from, to), decode, position(from, to));
      const cut = at % records.length;
      const joined = joinAssembled(part(0, cut), part(cut, records.length));
      expect(joined).toEqual(part(0, records.length));
    }),
  );
});

test('batches stay apart where messages were lost before one, and where one is not right behind the other', () => {
  const batch = (from: number, to: number, change: Partial<ReadPosition> = {}) =>
    assemble('t', 0, [], decode, { ...position(from, to), ...change });
  const removed = ['0', '5'] as const;
  expect(joinAssembled(batch(0, 5), batch(5, 9))?.position).toEqual(position(0, 9));
  expect(joinAssembled(batch(0, 5, { removed }), batch(5, 9))).toBeUndefined();
  expect(joinAssembled(batch(0, 5), batch(5, 9, { removed }))).toBeUndefined();
  // Read again from before, after the group changed.
  expect(joinAssembled(batch(0, 5), batch(3, 9))).toBeUndefined();
  expect(joinAssembled(batch(0, 5), batch(5, 9, { after: undefined }))).toBeUndefined();
});

function position(after: number, next: number): ReadPosition {
  return { cluster: 'c', after: String(after), next: String(next), removed: null };
}

function isWritable(value: unknown): boolean {
  return [value].flat().every((one) => typeof one === 'string' || Buffer.isBuffer(one));
}
