import fc from 'fast-check';
import { withSaidDetails } from './details';
import { createEventSchema, namingOf } from './event';
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
/** Mostly absent, then mostly as it should be. */
const detail = (...values: readonly unknown[]) =>
  fc.oneof(
    { weight: 16, arbitrary: fc.constant(undefined) },
    { weight: 6, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: absurd },
  );
const often = (...values: readonly unknown[]) => fc.oneof(detail(...values), fc.constant(values[0]));
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
        codigo: often('AA123456785BR', ' aa 123 ', 'x'.repeat(64), 'x'.repeat(65), 913000101),
        transportadora: often('Correios', ' JADLOG', 'São Luiz', 'x'.repeat(65)),
        servico: detail('SEDEX', ' Expresso  ', 'x'.repeat(101)),
        local: detail('CTE Natal', '🚚'.repeat(255), 'x'.repeat(256)),
        codigo_evento: detail('BDE-01', 1, 'x'.repeat(65)),
        descricao: detail('Objeto entregue', 'x'.repeat(2000), 'x'.repeat(2001)),
        prazo: detail('2026-11-30', '2026-11-23T12:00:00Z', '2026-02-29', '1999-12-31', '2040-01-01'),
        prazo_em: detail(
          '2026-11-20T08:00:00-03:00',
          '2026-11-20T08:00:00Z',
          '2026-11-20',
          '1999-01-01T00:00:00Z',
          '2040-01-01T00:00:00Z',
        ),
        correcao: detail('mesmo', 'anterior', 'MESMO', true),
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
  const schemas = {
    number: createEventSchema({ ...rules, naiveTimezone }, 'number'),
    code: createEventSchema({ ...rules, naiveTimezone }, 'code'),
    both: createEventSchema({ ...rules, naiveTimezone }, 'both'),
  };
  const taken = { plain: 0, detailed: 0, coded: 0 };
  fc.assert(
    fc.property(fc.array(anyInput, { minLength: 1, maxLength: 5 }), (inputs) => {
      const quick = createQuickValidator({ ...rules, naiveTimezone });
      // Twice: the second time from memory.
      for (const input of [...inputs, ...inputs]) {
        const event = quick(input);
        if (event === undefined) continue;
        if (event.id_pacote === undefined) taken.coded++;
        else if (Object.keys(event).length > 5) taken.detailed++;
        else taken.plain++;
        const said = withSaidDetails(input);
        expect(event).toEqual(schemas[namingOf(said)].parse(said));
      }
    }),
    { numRuns: 8_000 },
  );
  // Some 60 each: how many varies with the seed.
  for (const count of Object.values(taken)) expect(count).toBeGreaterThan(10);
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

test('each day of a leap year and of another one is a day, and no other is', () => {
  const quick = createQuickValidator(rules);
  for (const year of [2024, 2025])
    for (let month = 0; month <= 13; month++)
      for (let day = 0; day <= 32; day++) {
        const date = `${year}-${pad(month)}-${pad(day)}`;
        const isDay = new Date(Date.UTC(year, month - 1, day)).toISOString().startsWith(date);
        for (const [sent, utc] of [
          [`${date}T23:59:59Z`, `${date}T23:59:59.000000Z`],
          [`${date}T00:00:00.123456Z`, `${date}T00:00:00.123456Z`],
        ]) {
          const event = quick({
            ...{ id_pacote: 1, origem: 'a', destino: 'b', status_rastreamento: 'c' },
            data_atualizacao: sent,
          });
          expect([sent, event?.data_atualizacao]).toEqual([sent, isDay ? utc : undefined]);
        }
      }
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
