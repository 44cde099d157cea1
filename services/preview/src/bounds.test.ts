import { checkFill, checkPoints, createMeter, TooLargeError } from './bounds';

const bounds = { rows: 3, points: 100, bytes: 100 };
const fill = (intervalMs: number) => ({ intervalMs, mode: 'null' as const, value: 0 });

test('rows are counted by query, bytes by request', () => {
  const meter = createMeter(bounds);
  const [first, second] = [meter.ofQuery(), meter.ofQuery()];
  expect([first.take(['a']), first.take(['b']), second.take([null]), first.take(['c'])]).toEqual(
    Array.from({ length: 4 }),
  );
  expect(first.take(['d'])?.message).toBe(
    'A consulta dá mais de 3 linhas. Escolha um intervalo de tempo menor, passos maiores ($__interval) ou um LIMIT na consulta.',
  );
  expect(second.take(['x'.repeat(100)])).toBeInstanceOf(TooLargeError);
});

test('points are counted by request', () => {
  const meter = createMeter(bounds);
  meter.takePoints(60);
  meter.takePoints(40);
  expect(() => meter.takePoints(1)).toThrow('A consulta dá 101 pontos; são no máximo 100.');
});

test('a range in steps of a millisecond is refused before anything is made of it, and says what to narrow', () => {
  const range = { fromMs: 0, toMs: Date.parse('2026-11-25T00:00:00Z') };
  expect(() => checkFill(fill(1), range, bounds)).toThrow(
    'A consulta dá 1.795.564.800.000 pontos (passos de 1 ms); são no máximo 100. Escolha um intervalo de tempo menor',
  );
  expect(() => checkFill(fill(0), range, bounds)).toThrow('longer than 0');
  expect(() => checkFill(fill(range.toMs / 100), range, bounds)).not.toThrow();
  expect(() => checkPoints(101, bounds)).toThrow(TooLargeError);
  expect(() => checkPoints(100, bounds)).not.toThrow();
});
