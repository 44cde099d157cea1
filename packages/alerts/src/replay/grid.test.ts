import { chooseEvery, halve, instantsOf } from './grid';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

test.each([
  [2, true, 1, 1],
  [7, true, 1, 5],
  [30, true, 1, 15],
  [30, true, 20, 120],
  [30, false, 20, 1],
  [400, false, 1, 15],
])('%d days, with events: %s, %d rules: every %d minutes', (days, withEvents, rules, minutes) => {
  expect(chooseEvery(days * DAY, MINUTE, { withEvents, rules }) / MINUTE).toBe(minutes);
});

test('a multiple of the rule’s own interval', () => {
  expect(chooseEvery(30 * DAY, 5 * MINUTE, { withEvents: true, rules: 1 })).toBe(25 * MINUTE);
});

test('instants are full steps after the beginning, up to the end', () => {
  expect(instantsOf(0, 3 * MINUTE, MINUTE, 0)).toEqual([MINUTE, 2 * MINUTE, 3 * MINUTE]);
  expect(instantsOf(30_000, 2 * MINUTE, MINUTE, 10_000)).toEqual([70_000]);
  expect(instantsOf(1, 59_999, MINUTE, 0)).toEqual([]);
});

test('without events both parts are as long; what the second has to load makes it the shorter one', () => {
  const instants = instantsOf(0, 1000 * MINUTE, MINUTE, 0);
  expect(halve(instants, () => 0)).toBe(500);
  const evenly = halve(instants, (ms) => (ms / MINUTE) * 100);
  expect(evenly).toBeGreaterThan(500);
  expect(evenly).toBeLessThan(700);
  // All of them in the last minute: the first part has next to nothing to write.
  expect(halve(instants, (ms) => (ms < 999 * MINUTE ? 0 : 1e6))).toBe(999);
  expect(halve(instants.slice(0, 1), () => 5)).toBe(1);
});
