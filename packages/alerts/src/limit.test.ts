import fc from 'fast-check';
import { firingPerWeek, limitFor, roundOutward, withLimit } from './limit';
import { messagesOf } from './notify/messages';
import { sqlRule } from './rule/sqlRule';
import { episodesOf } from './state/episodes';
import { Recording, transitionsOf } from './state/recording';

const MINUTE = 60_000;
const WEEK = 7 * 86_400_000;
const POLICIES = { group_by: ['alertname'], group_wait: '0s', group_interval: '1m', repeat_interval: '1w' };

function recorded(values: readonly number[]): Recording {
  const recording = new Recording();
  values.forEach((value, i) => recording.add(i * MINUTE, { kind: 'rows', rows: new Map([['{}', value]]) }));
  return recording;
}

const rule = (limit: number, high = true) =>
  sqlRule({
    sql: 'SELECT 1',
    title: 't',
    ...(high ? { above: limit } : { below: limit }),
    forMs: 0,
    keepFiringMs: 0,
  });

test('the limit is the value that only so many weeks of alerts go beyond', () => {
  const recording = recorded([0, 5, 0, 9, 0, 7, 0, 3, 0]);
  const span = { fromMs: 0, toMs: WEEK };
  const of = (atMost: number) => limitFor(recording, rule(1), POLICIES, atMost, span);
  expect([of(0)?.limit, of(1)?.limit, of(2)?.limit, of(4)?.limit]).toEqual([9, 7, 5, 0]);
  expect(of(2)?.perWeek).toBe(2);
});

test('for a rule that fires below, mirrored', () => {
  const recording = recorded([10, 5, 10, 1, 10, 3, 10]);
  const found = limitFor(recording, rule(9, false), POLICIES, 1, { fromMs: 0, toMs: WEEK });
  expect(found?.rule.fires).toEqual({ type: 'lt', params: [3] });
});

test('no limit helps against alerts for no data', () => {
  const recording = new Recording();
  recording.add(0, { kind: 'rows', rows: new Map([['{}', 1]]) });
  recording.add(MINUTE, { kind: 'no data' });
  const alerting = { ...rule(5), noData: 'Alerting' as const };
  expect(limitFor(recording, alerting, POLICIES, 0, { fromMs: 0, toMs: WEEK })).toBeUndefined();
});

test('what is found holds, and the next more sensitive value tells more often', () => {
  const values = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 5 }), (list, atMost) => {
      const recording = recorded(list);
      const span = { fromMs: 0, toMs: WEEK };
      const perWeek = (limit: number) =>
        firingPerWeek(
          messagesOf(rule(limit), episodesOf(transitionsOf(recording, rule(limit))), POLICIES, span.toMs),
          span,
        );
      const found = limitFor(recording, rule(1), POLICIES, atMost, span);
      expect(found?.perWeek).toBe(perWeek(found?.limit ?? NaN));
      expect(found?.perWeek).toBeLessThanOrEqual(atMost);
      const sensitive = recording.values().filter((value) => value < (found?.limit ?? NaN));
      if (sensitive.length > 0) expect(perWeek(Math.max(...sensitive))).toBeGreaterThan(atMost);
    }),
  );
});

test('the limit of hysteresis moves with the other', () => {
  const changed = withLimit({ ...rule(1), ends: { type: 'lt', params: [0.95] } }, 2);
  expect(changed.ends).toEqual({ type: 'lt', params: [1.9] });
});

test.each([
  [1.23456, true, 1.24],
  [1.23456, false, 1.23],
  [-1.23456, true, -1.23],
  [864_001, true, 865_000],
  [0.00012341, true, 0.000124],
  [0, true, 0],
  [5, true, 5],
])('%d, rounded outward (up: %s), is %d', (value, up, rounded) =>
  expect(roundOutward(value, up)).toBe(rounded),
);

test('a rule without one limit is refused by its evaluator', () => {
  const between = { ...rule(1), fires: { type: 'within_range' as const, params: [1, 2] } };
  expect(() => limitFor(recorded([1]), between, POLICIES, 1, { fromMs: 0, toMs: WEEK })).toThrow(
    /within_range; --at-most works for gt/,
  );
});
