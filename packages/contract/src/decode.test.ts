import fc from 'fast-check';
import { createDecoder, createValidator, MAX_MESSAGE_BYTES } from './decode';
import { cleanStatus, cleanText } from './clean';
import { codePoints, compareText, isStorable } from './text';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const rules = { now: () => NOW, maxFutureSkewMs: 24 * 3_600_000 };
const decode = createDecoder(rules);
const validate = createValidator(rules);
const EVENT = {
  id_pacote: 1333,
  origem: 'Natal',
  destino: 'Paraíba',
  status_rastreamento: 'AGUARDANDO RETIRADA',
  data_atualizacao: '2025-10-12T08:15:00Z',
};

describe('what is accepted, and how it is cleaned', () => {
  test.each([
    ['the original’s first event', {}, {}],
    ['digits as text', { id_pacote: ' 1333 ' }, {}],
    ['padding and inner white space', { origem: '\t Natal\n', destino: ' Paraíba ' }, {}],
    ['a status in lower case with double spaces', { status_rastreamento: ' aguardando  retirada ' }, {}],
    ['decomposed characters', { destino: 'Parai\u0301ba' }, {}],
    ['an offset', { data_atualizacao: '2025-10-12T05:15:00-03:00' }, {}],
    ['unknown keys', { hub: 'CTE', nested: { deep: [] } }, {}],
    [
      'a status outside the catalogue',
      { status_rastreamento: 'Objeto roubado' },
      { status_rastreamento: 'OBJETO ROUBADO' },
    ],
    ['the largest id', { id_pacote: Number.MAX_SAFE_INTEGER }, { id_pacote: Number.MAX_SAFE_INTEGER }],
    [
      'a day ahead',
      { data_atualizacao: '2026-11-24T12:00:00Z' },
      { data_atualizacao: '2026-11-24T12:00:00.000000Z' },
    ],
    ['255 astral characters', { origem: '🚚'.repeat(255) }, { origem: '🚚'.repeat(255) }],
  ])('%s', (_name, change, expected) => {
    const result = decode(Buffer.from(JSON.stringify({ ...EVENT, ...change })));
    expect(result).toEqual({
      ok: true,
      event: { ...EVENT, data_atualizacao: '2025-10-12T08:15:00.000000Z', ...expected },
    });
  });

  test('a timestamp without offset is read in NAIVE_TIMEZONE when one is set', () => {
    const local = createValidator({ ...rules, naiveTimezone: 'America/Sao_Paulo' });
    const result = local({ ...EVENT, data_atualizacao: '2025-10-12 08:15:00.5' });
    expect(result).toMatchObject({ ok: true, event: { data_atualizacao: '2025-10-12T11:15:00.500000Z' } });
  });
});

describe('what is rejected, and why', () => {
  const with_ = (change: object) => Buffer.from(JSON.stringify({ ...EVENT, ...change }));
  test.each<[string, Buffer | null, string, string | null]>([
    ['a tombstone', null, 'tombstone', null],
    ['no bytes', Buffer.alloc(0), 'invalid_json', null],
    ['not JSON', Buffer.from('{"id_pacote": 1'), 'invalid_json', null],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'invalid_utf8', null],
    ['too large', Buffer.alloc(MAX_MESSAGE_BYTES + 1, 0x20), 'too_large', null],
    ['an array', Buffer.from(JSON.stringify([EVENT])), 'not_an_object', null],
    ['a number', Buffer.from('7'), 'not_an_object', null],
    ['null', Buffer.from('null'), 'not_an_object', null],
    ['deep nesting', Buffer.from('['.repeat(20_000) + ']'.repeat(20_000)), 'not_an_object', null],
    [
      'deep nesting in a field',
      Buffer.from(
        JSON.stringify({ ...EVENT, id_pacote: 0 }).replace('0', '['.repeat(30_000) + ']'.repeat(30_000)),
      ),
      'wrong_type',
      'id_pacote',
    ],
    ['an id of zero', with_({ id_pacote: 0 }), 'out_of_range', 'id_pacote'],
    ['an id beyond the safe integers', with_({ id_pacote: '9007199254740993' }), 'out_of_range', 'id_pacote'],
    ['a fractional id', with_({ id_pacote: 1.5 }), 'wrong_type', 'id_pacote'],
    ['a hexadecimal id', with_({ id_pacote: '0x10' }), 'wrong_type', 'id_pacote'],
    ['no origin', with_({ origem: undefined }), 'missing_field', 'origem'],
    ['a null destination', with_({ destino: null }), 'missing_field', 'destino'],
    ['a blank origin', with_({ origem: ' \u00a0 ' }), 'empty', 'origem'],
    ['a long destination', with_({ destino: 'x'.repeat(256) }), 'too_long', 'destino'],
    [
      'a status that grows too long in upper case',
      with_({ status_rastreamento: 'ß'.repeat(51) }),
      'too_long',
      'status_rastreamento',
    ],
    ['U+0000', with_({ origem: 'Na\0tal' }), 'invalid_character', 'origem'],
    [
      'half a surrogate pair',
      Buffer.from(JSON.stringify(EVENT).replace('Natal', '\\ud83d')),
      'invalid_character',
      'origem',
    ],
    ['a numeric status', with_({ status_rastreamento: 5 }), 'wrong_type', 'status_rastreamento'],
    [
      'a naive timestamp',
      with_({ data_atualizacao: '2025-10-12T08:15:00' }),
      'naive_timestamp',
      'data_atualizacao',
    ],
    [
      '30 February',
      with_({ data_atualizacao: '2025-02-30T08:15:00Z' }),
      'invalid_timestamp',
      'data_atualizacao',
    ],
    [
      'past hour 24',
      with_({ data_atualizacao: '2025-02-20T24:00:01Z' }),
      'invalid_timestamp',
      'data_atualizacao',
    ],
    [
      'offset +25',
      with_({ data_atualizacao: '2025-02-20T10:00:00+25:00' }),
      'invalid_timestamp',
      'data_atualizacao',
    ],
    [
      'a Brazilian date',
      with_({ data_atualizacao: '12/10/2025 08:15' }),
      'invalid_timestamp',
      'data_atualizacao',
    ],
    ['the year 1', with_({ data_atualizacao: '0001-01-01T00:00:00Z' }), 'out_of_range', 'data_atualizacao'],
    [
      'the year 9999',
      with_({ data_atualizacao: '9999-12-31T23:59:59Z' }),
      'future_timestamp',
      'data_atualizacao',
    ],
    [
      'the year 9999 in the west',
      with_({ data_atualizacao: '9999-12-31T23:59:59-12:00' }),
      'invalid_timestamp',
      'data_atualizacao',
    ],
    [
      'a second past a day ahead',
      with_({ data_atualizacao: '2026-11-24T12:00:01Z' }),
      'future_timestamp',
      'data_atualizacao',
    ],
  ])('%s', (_name, bytes, reason, field) => {
    const result = decode(bytes);
    expect(result).toMatchObject({ ok: false, rejections: [{ reason, field }] });
    if (!result.ok) expect(result.rejections[0].detail).toMatch(field === null ? /;|\./ : /; send /);
  });

  test('every problem of an event is named, in the order of its fields', () => {
    const result = validate({
      id_pacote: -1,
      destino: '',
      status_rastreamento: 'X',
      data_atualizacao: 'soon',
    });
    expect(result.ok ? [] : result.rejections.map((r) => [r.field, r.reason])).toEqual([
      ['id_pacote', 'out_of_range'],
      ['origem', 'missing_field'],
      ['destino', 'empty'],
      ['data_atualizacao', 'invalid_timestamp'],
    ]);
  });
});

describe('properties', () => {
  test('the decoder never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => typeof decode(bytes).ok === 'boolean'),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (json) => typeof decode(Buffer.from(json)).ok === 'boolean'),
      { numRuns: 2000 },
    );
  });

  test('cleaning is idempotent and an accepted event is accepted unchanged', () => {
    const text = fc.string({ unit: 'binary', maxLength: 120 });
    fc.assert(
      fc.property(text, (t) => {
        expect(cleanText(cleanText(t))).toBe(cleanText(t));
        expect(cleanStatus(cleanStatus(t))).toBe(cleanStatus(t));
      }),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.date({ min: new Date('2000-01-01'), max: new Date(NOW), noInvalidDate: true }),
        (origem, destino, status, date) => {
          const once = validate({
            id_pacote: 7,
            origem,
            destino,
            status_rastreamento: status,
            data_atualizacao: date.toISOString(),
          });
          if (once.ok) expect(validate(once.event)).toEqual(once);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test('the canonical timestamp names the same instant as Date does, and sorts as text in time', () => {
    const instant = fc.date({ min: new Date('2000-01-02'), max: new Date(NOW), noInvalidDate: true });
    fc.assert(
      fc.property(instant, instant, fc.integer({ min: -12 * 60, max: 14 * 60 }), (a, b, offset) => {
        const utc = (date: Date) => {
          const result = validate({ ...EVENT, data_atualizacao: inOffset(date, offset) });
          if (!result.ok) throw new Error(JSON.stringify(result));
          return result.event.data_atualizacao;
        };
        expect(Date.parse(utc(a))).toBe(a.getTime());
        expect(Math.sign(compareText(utc(a), utc(b)))).toBe(Math.sign(a.getTime() - b.getTime()));
      }),
    );
  });

  test('lengths and order are those of code points', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(codePoints(a)).toBe([...a].length);
        const points = (s: string) => [...s].map((c) => c.codePointAt(0) ?? 0);
        const [x, y] = [points(a), points(b)];
        const i = x.findIndex((c, k) => c !== y[k]);
        const expected = i === -1 ? x.length - y.length : y[i] === undefined ? 1 : (x[i] ?? 0) - y[i];
        if (isStorable(a) && isStorable(b)) expect(Math.sign(compareText(a, b))).toBe(Math.sign(expected));
      }),
    );
  });
});

function inOffset(date: Date, offsetMinutes: number): string {
  const local = new Date(date.getTime() + offsetMinutes * 60_000).toISOString().slice(0, 23);
  const [hours, minutes] = [Math.trunc(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}
