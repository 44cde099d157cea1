import fc from 'fast-check';
import { createEventSchema } from './event';
import { createQuickValidator } from './quick';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const SKEW = 24 * 3_600_000;
const rules = { now: () => NOW, maxFutureSkewMs: SKEW };

const absurd = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    ' ',
    0,
    -1,
    1.5,
    9007199254740993,
    'a\0b',
    '\ud800',
    [],
    {},
    '\u00a0',
  ),
  fc.jsonValue(),
);
const text = (max: number) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('Natal', ' São  Paulo ', 'Parai\u0301ba', 'entregue', 'ß', 'İ') },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: max + 50 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('x'.repeat(max), 'x'.repeat(max + 1), '🚚'.repeat(max), 'ß'.repeat(max)),
    },
    { weight: 1, arbitrary: absurd },
  );
const pad = (n: number, length = 2) => String(n).padStart(length, '0');
const instant = fc.oneof(
  {
    weight: 5,
    // Days and hours that do not exist are among them.
    arbitrary: fc
      .record({
        y: fc.integer({ min: 1999, max: 2027 }),
        mo: fc.integer({ min: 0, max: 13 }),
        d: fc.integer({ min: 0, max: 32 }),
        h: fc.integer({ min: 0, max: 25 }),
        mi: fc.integer({ min: 0, max: 60 }),
        s: fc.integer({ min: 0, max: 61 }),
        end: fc.constantFrom('Z', '.000000Z', '.123456Z', '.1Z', '.1234567Z', '', '-03:00', 'z', 'Z '),
      })
      .map(
        ({ y, mo, d, h, mi, s, end }) =>
          `${pad(y, 4)}-${pad(mo)}-${pad(d)}T${pad(h)}:${pad(mi)}:${pad(s)}${end}`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: -2000, max: 2000 }).map((ms) => new Date(NOW + SKEW + ms).toISOString()),
  },
  { weight: 1, arbitrary: absurd },
);
const anyInput = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record(
      {
        id_pacote: fc.oneof(fc.integer({ min: 1 }), fc.constantFrom('1333', Number.MAX_SAFE_INTEGER), absurd),
        origem: text(255),
        destino: text(255),
        status_rastreamento: text(100),
        data_atualizacao: instant,
        extra: absurd,
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: absurd },
);

test.each([
  ['naive timestamps refused', undefined],
  ['naive timestamps in a zone', 'America/Sao_Paulo'],
])('what the quick way takes is what the schema makes of it, for any input; %s', (_name, naiveTimezone) => {
  const schema = createEventSchema({ ...rules, naiveTimezone });
  let taken = 0;
  fc.assert(
    fc.property(fc.array(anyInput, { minLength: 1, maxLength: 5 }), (inputs) => {
      const quick = createQuickValidator({ ...rules, naiveTimezone });
      // Twice: the second time from memory.
      for (const input of [...inputs, ...inputs]) {
        const event = quick(input);
        if (event === undefined) continue;
        taken++;
        expect(event).toEqual(schema.parse(input));
      }
    }),
    { numRuns: 5_000 },
  );
  expect(taken).toBeGreaterThan(500);
});

test('plain events go the quick way', () => {
  const quick = createQuickValidator(rules);
  const event = {
    id_pacote: 1333,
    origem: 'Natal',
    destino: ' Paraíba',
    status_rastreamento: 'Entregue',
    data_atualizacao: '2026-01-31T08:15:00Z',
  };
  const expected = {
    ...event,
    destino: 'Paraíba',
    status_rastreamento: 'ENTREGUE',
    data_atualizacao: '2026-01-31T08:15:00.000000Z',
  };
  expect(quick(event)).toEqual(expected);
  expect(quick(expected)).toEqual(expected);
});

test('a limit that has moved on lets later events in', () => {
  let now = NOW;
  const quick = createQuickValidator({ now: () => now, maxFutureSkewMs: 0 });
  const at = (data_atualizacao: string) =>
    quick({ id_pacote: 1, origem: 'a', destino: 'b', status_rastreamento: 'c', data_atualizacao });
  expect(at('2026-11-23T12:00:00Z')).toBeDefined();
  expect(at('2026-11-23T12:00:01Z')).toBeUndefined();
  now += 1000;
  expect(at('2026-11-23T12:00:01Z')).toBeDefined();
});

test('more texts than are remembered are still cleaned right', () => {
  const quick = createQuickValidator(rules);
  const of = (origem: string) =>
    quick({
      id_pacote: 1,
      origem,
      destino: 'b',
      status_rastreamento: 'c',
      data_atualizacao: '2026-01-01T00:00:00Z',
    });
  for (let i = 0; i < 25_000; i++) expect(of(` place  ${i}`)?.origem).toBe(`place ${i}`);
});
