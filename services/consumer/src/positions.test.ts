// Shows G2 of docs/guarantees.md.
import { createLog } from '@rastreio/runtime';
import { createPositions, type Kept } from './positions';

const log = createLog('test', 'silent');
const never = new AbortController().signal;

/** Positions of partition 0, of which the broker keeps what `kept` says when it is asked. */
function positionsOf(kept: Kept, committed?: bigint, stored?: bigint) {
  const broker = { kept, asked: 0 };
  const known = (offset: bigint | undefined) =>
    Promise.resolve(offset === undefined ? new Map<number, bigint>() : new Map([[0, offset]]));
  const positions = createPositions(
    {
      kept: () => (broker.asked++, Promise.resolve(new Map([[0, broker.kept]]))),
      committed: () => known(committed),
      stored: () => known(stored),
    },
    log,
  );
  return { broker, positions, begin: async () => (await positions.assign([0], never)).get(0) };
}

test.each<[string, Kept, bigint | undefined, bigint | undefined, readonly [string, string] | undefined]>([
  ['all is there', { low: 0n, high: 10n }, 3n, 3n, undefined],
  ['seven of ten are gone, three of them read', { low: 7n, high: 10n }, 3n, 3n, ['3', '7']],
  [
    'seven of ten are gone, and nothing was ever read',
    { low: 7n, high: 10n },
    undefined,
    undefined,
    ['0', '7'],
  ],
  ['all are gone', { low: 10n, high: 10n }, 3n, undefined, ['3', '10']],
  ['what is gone was read', { low: 7n, high: 10n }, 8n, undefined, undefined],
  ['Kafka has lost its note, the database has one', { low: 7n, high: 10n }, undefined, 5n, ['5', '7']],
  ['written, and not committed', { low: 7n, high: 10n }, 3n, 9n, undefined],
  ['the topic was made anew', { low: 0n, high: 5n }, undefined, 5_000n, undefined],
  ['the topic was made anew and lost its beginning', { low: 2n, high: 5n }, 5_000n, 5_000n, ['0', '2']],
])('at the start, %s', async (_name, kept, committed, stored, removed) => {
  expect(await positionsOf(kept, committed, stored).begin()).toEqual(removed);
});

test('a gap of a transaction or of compaction is no loss: the broker keeps what comes next', async () => {
  const { positions, begin } = positionsOf({ low: 0n, high: 100n }, 10n);
  await begin();
  expect(await positions.advance(0, 10n, 20n)).toBeNull();
  expect(await positions.advance(0, 25n, 30n)).toBeNull();
});

test('while it runs, a jump over what the broker removed is a loss, once', async () => {
  const { broker, positions, begin } = positionsOf({ low: 0n, high: 100n }, 10n);
  await begin();
  broker.kept = { low: 40n, high: 100n };
  // Of the gap only what the broker removed: it keeps 40 to 44 and gives none of them, so they were no messages.
  expect(await positions.advance(0, 45n, 50n)).toEqual(['10', '40']);
  expect(await positions.advance(0, 50n, 60n)).toBeNull();
  expect(await positions.advance(0, 45n, 50n)).toBeNull();
});

test('without a gap the broker is not asked', async () => {
  const { broker, positions, begin } = positionsOf({ low: 0n, high: 100n }, 10n);
  await begin();
  const { asked } = broker;
  for (let at = 10n; at < 100n; at += 10n) await positions.advance(0, at, at + 10n);
  expect(broker.asked).toBe(asked);
});

test('while nothing comes, what is still missing at the second look is a loss', async () => {
  const { broker, positions, begin } = positionsOf({ low: 0n, high: 100n }, 10n);
  await begin();
  broker.kept = { low: 40n, high: 100n };
  expect(await positions.look()).toEqual(new Map());
  // It was on its way when the broker removed it.
  await positions.advance(0, 10n, 20n);
  expect(await positions.look()).toEqual(new Map());
  expect(await positions.look()).toEqual(new Map([[0, ['20', '40']]]));
  expect(await positions.look()).toEqual(new Map());
});

test('a broker that does not answer leaves everything as it was', async () => {
  const { broker, positions, begin } = positionsOf({ low: 0n, high: 100n }, 10n);
  await begin();
  const answer = broker.kept;
  Object.defineProperty(broker, 'kept', {
    configurable: true,
    get: () => {
      throw new Error('away');
    },
  });
  await expect(positions.advance(0, 45n, 50n)).rejects.toThrow('away');
  Object.defineProperty(broker, 'kept', { value: { ...answer, low: 40n } });
  expect(await positions.advance(0, 45n, 50n)).toEqual(['10', '40']);
});
