import fc from 'fast-check';
import { compareChanges, instanceOf, offsetOf, type Change } from './compare';

const MINUTE_MS = 60_000;
const change = (minute: number, to = 'Alerting', rule = 'a', instance = '{}'): Change => ({
  rule,
  instance,
  atMs: minute * MINUTE_MS,
  to,
});
const compare = (live: readonly Change[], replayed: readonly Change[]) =>
  compareChanges(live, replayed, () => MINUTE_MS);

test('the same changes are equal, whatever their order', () => {
  const changes = fc.array(
    fc.tuple(fc.nat(20), fc.constantFrom('Normal', 'Pending', 'Alerting'), fc.constantFrom('a', 'b')),
  );
  fc.assert(
    fc.property(changes, (list) => {
      const all = list.map(([minute, to, rule]) => change(minute, to, rule));
      expect(compare(all, all.toReversed())).toEqual({
        equal: all.length,
        shifted: [],
        onlyLive: [],
        onlyReplayed: [],
      });
    }),
  );
});

test('one evaluation apart is said as such, two are two different changes', () => {
  expect(compare([change(1)], [change(2)])).toMatchObject({ equal: 0, shifted: [[change(1), change(2)]] });
  expect(compare([change(1)], [change(3)])).toMatchObject({
    equal: 0,
    shifted: [],
    onlyLive: [change(1)],
    onlyReplayed: [change(3)],
  });
});

test('an equal change is not taken away by a near one', () => {
  expect(compare([change(1), change(2)], [change(2), change(3)])).toMatchObject({ equal: 1 });
});

test.each([
  ['another rule', change(1, 'Alerting', 'b')],
  ['another instance', change(1, 'Alerting', 'a', '{"rota":"x"}')],
  ['another state', change(1, 'Pending')],
])('%s is another change', (_what, other) => {
  expect(compare([change(1)], [other])).toMatchObject({ onlyLive: [change(1)], onlyReplayed: [other] });
});

test('the offset of a rule is that of most of its changes', () => {
  expect(offsetOf([30_000, 90_000, 150_000, 151_000], MINUTE_MS)).toBe(30_000);
  expect(offsetOf([], MINUTE_MS)).toBeUndefined();
});

test('an instance is its labels in any order; the one of a whole query is known without its data source', () => {
  expect(instanceOf({ b: '2', a: '1' })).toBe(instanceOf({ a: '1', b: '2' }));
  expect(instanceOf({ ref_id: 'A', datasource_uid: 'x' })).toBe(
    instanceOf({ ref_id: '', datasource_uid: '' }),
  );
});
