import type { RejectionReason } from '@rastreio/contract';
import type { IHeaders } from 'kafkajs';

/** A message that is no valid event, and what must be said of it. */
export interface Poison {
  readonly name: string;
  readonly value: Buffer | null;
  readonly reason: RejectionReason;
  readonly field: string | null;
  readonly key?: Buffer | null;
  readonly headers?: IHeaders;
}

const EVENT = {
  id_pacote: 1,
  origem: 'Natal',
  destino: 'Paraíba',
  status_rastreamento: 'POSTADO',
  data_atualizacao: '2026-01-01T00:00:00Z',
};
const OVERSIZED_BYTES = 10 * 1024 * 1024;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const NOT_UTF8 = Buffer.from([0xff, 0xfe, 0x00, 0x80]);

/** A valid event with one change. */
const changed = (change: object) => Buffer.from(JSON.stringify({ ...EVENT, ...change }));
/** A valid event as JSON text with one part of the text replaced. */
const rewritten = (from: string, to: string) => Buffer.from(JSON.stringify(EVENT).replace(from, to));
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

type Row = readonly [string, Buffer | null, RejectionReason, string | null];

const WHOLE: readonly Row[] = [
  ['tombstone', null, 'tombstone', null],
  ['no bytes', Buffer.alloc(0), 'invalid_json', null],
  ['not JSON', Buffer.from('{"id_pacote": '), 'invalid_json', null],
  // One is read over.
  ['two byte order marks', Buffer.concat([BOM, BOM, changed({})]), 'invalid_json', null],
  ['invalid UTF-8', Buffer.from(changed({}).toString(), 'latin1'), 'invalid_utf8', null],
  ['UTF-16', Buffer.from(`\ufeff${changed({}).toString()}`, 'utf16le'), 'invalid_utf8', null],
  ['10 MB', Buffer.alloc(OVERSIZED_BYTES, 'x'), 'too_large', null],
  ['10 MB around a valid event', changed({ photo: 'x'.repeat(OVERSIZED_BYTES) }), 'too_large', null],
  ['an array', Buffer.from(`[${changed({}).toString()}]`), 'not_an_object', null],
  ['a number', Buffer.from('42'), 'not_an_object', null],
  ['a text', Buffer.from('"x"'), 'not_an_object', null],
  ['null', Buffer.from('null'), 'not_an_object', null],
  ['deep nesting', Buffer.from(nested(30_000)), 'not_an_object', null],
  ['an empty object', Buffer.from('{}'), 'missing_field', 'id_pacote'],
  ['a prototype', Buffer.from(`{"__proto__":${changed({}).toString()}}`), 'missing_field', 'id_pacote'],
];

const FIELDS: readonly Row[] = [
  ...Object.keys(EVENT).map((field): Row => [
    `no ${field}`,
    changed({ [field]: undefined }),
    'missing_field',
    field,
  ]),
  ...Object.keys(EVENT).map((field): Row => [
    `${field} null`,
    changed({ [field]: null }),
    'missing_field',
    field,
  ]),
  ...Object.keys(EVENT).map((field): Row => [
    `${field} an object`,
    changed({ [field]: {} }),
    'wrong_type',
    field,
  ]),
  ['deep nesting in a field', rewritten('"Natal"', nested(30_000)), 'wrong_type', 'origem'],
  ['id true', changed({ id_pacote: true }), 'wrong_type', 'id_pacote'],
  ['id 1.5', changed({ id_pacote: 1.5 }), 'wrong_type', 'id_pacote'],
  ['id 0', changed({ id_pacote: 0 }), 'out_of_range', 'id_pacote'],
  ['id beyond the safe range', rewritten(':1,', ':9007199254740993,'), 'out_of_range', 'id_pacote'],
  ['id beyond the safe range in text', changed({ id_pacote: '9'.repeat(20) }), 'out_of_range', 'id_pacote'],
  ['origem blank', changed({ origem: ' \u00a0 ' }), 'empty', 'origem'],
  ['destino too long', changed({ destino: 'x'.repeat(256) }), 'too_long', 'destino'],
  ['status too long', changed({ status_rastreamento: 'x'.repeat(101) }), 'too_long', 'status_rastreamento'],
  ['U+0000 in a text', changed({ origem: 'a\u0000b' }), 'invalid_character', 'origem'],
  ['half a surrogate pair', rewritten('Natal', '\\ud800'), 'invalid_character', 'origem'],
  ['date 0001', changed({ data_atualizacao: '0001-01-01T00:00:00Z' }), 'out_of_range', 'data_atualizacao'],
  [
    'date 9999',
    changed({ data_atualizacao: '9999-12-31T23:59:59Z' }),
    'future_timestamp',
    'data_atualizacao',
  ],
  [
    'date 10000',
    changed({ data_atualizacao: '10000-01-01T00:00:00Z' }),
    'invalid_timestamp',
    'data_atualizacao',
  ],
  [
    '30 February',
    changed({ data_atualizacao: '2026-02-30T00:00:00Z' }),
    'invalid_timestamp',
    'data_atualizacao',
  ],
  [
    'a naive timestamp',
    changed({ data_atualizacao: '2026-01-01T00:00:00' }),
    'naive_timestamp',
    'data_atualizacao',
  ],
  ['two days ahead', changed({ data_atualizacao: inTwoDays() }), 'future_timestamp', 'data_atualizacao'],
];

const AROUND: readonly Poison[] = [
  { key: null },
  { key: Buffer.alloc(0) },
  { key: NOT_UTF8 },
  { headers: { bytes: NOT_UTF8 } },
  { headers: { nul: 'a\u0000b' } },
  { headers: { twice: ['1', NOT_UTF8] } },
  { headers: { '': 'no name', 'ação 🚚': '🚚' } },
  // Members of every object.
  { headers: { ['__proto__']: 'x', constructor: 'y', toString: ['z', NOT_UTF8] } },
  { headers: { huge: noise(400_000) } },
  { headers: Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`h${i}`, String(i)])) },
  // What our own commands look for, from a stranger.
  { headers: { 'rastreio.reprocessado_de': noise(20_000), 'rastreio.motivo': 'none' } },
  { key: Buffer.from(noise(400_000)), headers: { huge: noise(200_000) } },
].map((around, i) => ({
  name: `around ${i}`,
  value: Buffer.from(`{ ${i}`),
  reason: 'invalid_json',
  field: null,
  ...around,
}));

/** Poison of every kind. The names are unique. */
export const POISON: readonly Poison[] = [
  ...[...WHOLE, ...FIELDS].map(([name, value, reason, field]) => ({ name, value, reason, field })),
  ...AROUND,
];

/** A valid event; every third has a status that the catalogue does not have. */
export function goodEvent(id: number): string {
  return changed({ id_pacote: id, ...(id % 3 === 0 ? { status_rastreamento: 'NO LIMBO' } : {}) }).toString();
}

function inTwoDays(): string {
  return new Date(Date.now() + 2 * 24 * 3_600_000).toISOString();
}

/** Text that hardly compresses. */
function noise(length: number): string {
  let state = length;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return String.fromCharCode(97 + ((state >>> 16) % 26));
  }).join('');
}
