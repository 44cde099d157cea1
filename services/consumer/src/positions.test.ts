// Shows G2 of docs/guarantees.md.
import { createLog } from '@rastreio/runtime';
import { createPositions, type Kept } from './positions';

const log = createLog('test', 'silent');
const never = new AbortController().signal;

/** Positions of partition 0, of which the broker keeps what `kept` says when it is asked. */
function positionsOf(
  kept: Kept,
  committed?: bigint,
  stored: bigint | null = null,
  passedOverFrom: bigint | null = null,
  held?: bigint,
) {
  const broker = { kept, asked: 0 };
  const database = { stored };
  const group = new Map(committed === undefined ? [] : [[0, { next: committed, passedOverFrom }]]);
  const positions = createPositions(
    {
      kept: () => (broker.asked++, Promise.resolve(new Map([[0, broker.kept]]))),
      before: () => group,
      committed: () => Promise.resolve(group),
      stored: () => Promise.resolve(new Map([[0, database.stored]])),
      held: (_partition, from) => held ?? from,
    },
    log,
  );
  return { broker, database, positions, begin: async () => (await positions.assign([0], never)).get(0) };
}

test.each<[string, Kept, bigint | undefined, bigint | null, readonly [string, string] | undefined]>([
  ['all is there', { low: 0n, high: 10n }, 3n, 3n, undefined],
  ['seven of ten are gone, three of them read', { low: 7n, high: 10n }, 3n, 3n, ['3', '7']],
  ['seven of ten are gone, and nothing was ever read', { low: 7n, high: 10n }, undefined, 0n, ['0', '7']],
  ['all are gone', { low: 10n, high: 10n }, 3n, null, ['3', '10']],
  ['what is gone was read', { low: 7n, high: 10n }, 8n, null, undefined],
  ['Kafka has lost its note, the database has one', { low: 7n, high: 10n }, undefined, 5n, ['5', '7']],
  ['written, and not committed', { low: 7n, high: 10n }, 3n, 9n, undefined],
  ['the topic was made anew', { low: 0n, high: 5n }, undefined, 5_000n, undefined],
  ['the topic was made anew and lost its beginning', { low: 2n, high: 5n }, 5_000n, 5_000n, ['0', '2']],
])('at the start, %s', async (_name, kept, committed, stored, removed) => {
  expect(await positionsOf(kept, committed, stored).begin()).toEqual(removed && { removed });
});

const ten = { low: 0n, high: 10n };
test.each<[string, Kept, bigint, bigint | null, bigint | null, object | undefined]>([
  ['a restored database is behind its group', ten, 8n, 5n, null, { back: 5n }],
  ['another database has nothing', ten, 8n, 0n, null, { back: 0n }],
  ['some of what it lacks is gone', { low: 6n, high: 10n }, 8n, 5n, null, { back: 6n, removed: ['5', '6'] }],
  ['all of what it lacks is gone', { low: 8n, high: 10n }, 8n, 5n, null, { removed: ['5', '8'] }],
  ['a database that keeps no note of it is believed to have all', ten, 8n, null, null, undefined],
  ['a person let the group pass over what is missing', ten, 8n, 5n, 5n, undefined],
  ['it lacks more than what a person let the group pass over', ten, 8n, 4n, 5n, { back: 4n }],
  ['the database is further on', ten, 5n, 8n, null, undefined],
  ['what a person passed over begins with what is gone', { low: 3n, high: 10n }, 5n, 0n, 3n, undefined],
])('at the start, %s', async (_name, kept, committed, stored, passedOver, start) => {
  expect(await positionsOf(kept, committed, stored, passedOver).begin()).toEqual(start);
});

test.each<[string, bigint, bigint | null, bigint, object | undefined]>([
  ['what is on its way is not read again', 3n, 3n, 8n, { on: 8n }],
  ['nor is what the database has of it', 3n, 5n, 8n, { on: 8n }],
  ['what is on its way ends before the database: it is read from there', 3n, 9n, 8n, { on: 8n }],
  ['nothing is on its way', 3n, 3n, 3n, undefined],
  ['the database keeps no note', 3n, null, 8n, { on: 8n }],
  ['a restored database lacks what comes before: all is read again', 3n, 1n, 8n, { back: 1n }],
  ['it ends behind the topic, which was made anew', 3n, 3n, 11n, undefined],
])('after a change of the group, %s', async (_name, committed, stored, held, start) => {
  const { positions, begin } = positionsOf(ten, committed, stored, null, held);
  expect(await begin()).toEqual(start);
  if (start === undefined || !('on' in start)) return;
  // What is read then does not send the reader back, and says that what was on its way must be written by then.
  expect(await positions.backTo(0, held)).toBeUndefined();
  const { removed, after } = await positions.advance(0, held, 10n);
  expect([removed, after]).toEqual([null, stored === null ? undefined : held]);
});

test('each batch says up to where the database must have the partition', async () => {
  const { positions, begin } = positionsOf({ low: 0n, high: 100n }, 10n, 10n);
  await begin();
  const after = async (first: bigint, next: bigint) => (await positions.advance(0, first, next)).after;
  expect(await after(10n, 20n)).toBe(10n);
  // A gap is no message.
  expect(await after(25n, 30n)).toBe(20n);
  // Given up by a rebalance that came to nothing, and read again.
  expect(await after(10n, 20n)).toBe(10n);
  expect(await after(20n, 40n)).toBe(20n);
  expect(await after(40n, 50n)).toBe(40n);
});

test('where the database keeps no note, the first batch says nothing of it', async () => {
  const { positions, begin } = positionsOf({ low: 0n, high: 100n }, 10n, null);
  await begin();
  expect((await positions.advance(0, 10n, 20n)).after).toBeUndefined();
  expect((await positions.advance(0, 20n, 30n)).after).toBe(20n);
});

test('a gap of a transaction or of compaction is no loss: the broker keeps what comes next', async () => {
  const { positions, begin } = positionsOf({ low: 0n, high: 100n }, 10n);
  await begin();
  expect((await positions.advance(0, 10n, 20n)).removed).toBeNull();
  expect((await positions.advance(0, 25n, 30n)).removed).toBeNull();
});

test('while it runs, a jump over what the broker removed is a loss, once', async () => {
  const { broker, positions, begin } = positionsOf({ low: 0n, high: 100n }, 10n);
  await begin();
  broker.kept = { low: 40n, high: 100n };
  // Of the gap only what the broker removed: it keeps 40 to 44 and gives none of them, so they were no messages.
  expect((await positions.advance(0, 45n, 50n)).removed).toEqual(['10', '40']);
  expect((await positions.advance(0, 50n, 60n)).removed).toBeNull();
  expect((await positions.advance(0, 45n, 50n)).removed).toBeNull();
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
  expect((await positions.advance(0, 45n, 50n)).removed).toEqual(['10', '40']);
});

test('what reading was set back to holds when the group changes before it is written', async () => {
  const { positions, begin } = positionsOf({ low: 0n, high: 1_000n }, 800n, 500n);
  expect(await begin()).toEqual({ back: 500n });
  expect(await positions.backTo(0, 500n)).toBeUndefined();
  await positions.advance(0, 500n, 600n);
  // Another consumer joins: kafkajs forgets the place and reads at the group's position again.
  expect(await begin()).toEqual({ back: 500n });
  expect(await positions.backTo(0, 800n)).toBe(500n);
  // It has been read from there: whatever comes now is what there is.
  expect(await positions.backTo(0, 800n)).toBeUndefined();
});

test('a jump of the reader is no reason to go back where nothing was passed over', async () => {
  const { broker, database, positions, begin } = positionsOf({ low: 0n, high: 100n }, 10n, 10n);
  await begin();
  await positions.advance(0, 10n, 20n);
  expect(await positions.backTo(0, 20n)).toBeUndefined();
  expect(await positions.backTo(0, 10n)).toBeUndefined();
  // The end of a transaction, of which no reader is told.
  positions.nothingIn(0, 20n, 21n);
  expect(await positions.backTo(0, 21n)).toBeUndefined();
  // What was fetched behind a place that was left says nothing of what is before it.
  positions.nothingIn(0, 30n, 31n);
  expect(await positions.backTo(0, 31n)).toBe(21n);
  // Another member wrote on, or this one did while it joined.
  await begin();
  database.stored = 50n;
  expect(await positions.backTo(0, 50n)).toBeUndefined();
  expect((await positions.advance(0, 50n, 60n)).removed).toBeNull();
  // The broker has removed it.
  broker.kept = { low: 80n, high: 100n };
  expect(await positions.backTo(0, 80n)).toBeUndefined();
  expect((await positions.advance(0, 80n, 90n)).removed).toEqual(['60', '80']);
});

test('a partition that stayed with a member is where others have written it to meanwhile', async () => {
  const { broker, database, positions, begin } = positionsOf({ low: 0n, high: 1_000n }, 100n, 100n);
  await begin();
  await positions.advance(0, 100n, 200n);
  database.stored = 900n;
  expect(await begin()).toBeUndefined();
  expect(positions.next(0)).toBe(900n);
  broker.kept = { low: 900n, high: 1_000n };
  expect([await positions.look(), await positions.look()]).toEqual([new Map(), new Map()]);
});

test('the answer to an older change of the group sets nothing', async () => {
  const { broker, positions, begin } = positionsOf({ low: 0n, high: 100n }, 10n, 5n);
  const older = begin();
  // Asked while the older one still waits for its answers.
  await positions.assign([], never);
  expect([await older, positions.next(0), broker.asked]).toEqual([undefined, undefined, 2]);
});
