// Shows G10 of docs/guarantees.md.
import fc from 'fast-check';
import { createStalls, type Sighting } from './stalls';

const AFTER_MS = 60_000;
const LOOK_MS = 10_000;

/** What a partition may be like for the time of one look. */
interface Step {
  /** Offsets by which it is read on; holes of any size are among them, as transactions and compaction leave them. */
  readonly read: number;
  /** Offsets by which what can be read grows: none while a transaction is open. */
  readonly grown: number;
  readonly answered: boolean;
  readonly assigned: boolean;
  /** A batch waits for the database. */
  readonly waits: boolean;
}

const step = (change: Partial<Step> = {}): Step => ({
  read: 0,
  grown: 0,
  answered: true,
  assigned: true,
  waits: false,
  ...change,
});
const mostly = (usual: boolean) => fc.nat({ max: 9 }).map((n) => (n === 9 ? !usual : usual));
const anyStep = fc.record<Step>({
  read: fc.constantFrom(0, 0, 0, 1, 3),
  grown: fc.constantFrom(0, 0, 1, 3),
  answered: mostly(true),
  assigned: mostly(true),
  waits: mostly(false),
});
/** Steps of which some last: what goes on for a while is what counts. */
const anySteps = fc
  .array(fc.tuple(anyStep, fc.constantFrom(1, 1, 2, 5, 8)), { maxLength: 40 })
  .map((runs) => runs.flatMap(([one, times]) => Array.from({ length: times }, () => one)));

/** The verdict after each step, for one partition that begins with `lag` messages before it. */
function verdicts(steps: readonly Step[], lag: number, maxRejoins = 1) {
  const stalls = createStalls(AFTER_MS, maxRejoins);
  let [position, end, begun] = [0n, BigInt(lag), false];
  return steps.map(({ read, grown, answered, assigned, waits }) => {
    end += BigInt(grown);
    const next = position + BigInt(read) < end ? position + BigInt(read) : end;
    begun ||= next > position;
    position = next;
    const sighting: Sighting = {
      partition: 0,
      position: begun ? position : undefined,
      from: 0n,
      end: answered ? end : undefined,
    };
    const verdict = stalls.look(assigned ? [sighting] : [], waits ? 0 : LOOK_MS);
    return { ...verdict, position, end };
  });
}

test('whoever gets on, has nothing to read, waits for the database or is not answered is never blamed', () => {
  // Whatever happens, it gets on before the time is over.
  const alive = fc
    .array(fc.array(anyStep, { maxLength: AFTER_MS / LOOK_MS - 1 }), { maxLength: 40 })
    .map((runs) => runs.flatMap((run) => [...run, step({ read: 1, grown: 1 })]));
  fc.assert(
    fc.property(alive, (steps) => {
      for (const { then } of verdicts(steps, 100)) expect(then).toBe('go on');
    }),
  );
  fc.assert(
    fc.property(anySteps, (steps) => {
      // An open transaction, or nothing at all: what can be read ends where the reader is.
      const idle = steps.map((s) => ({ ...s, grown: s.read }));
      for (const { then } of verdicts(idle, 0)) expect(then).toBe('go on');
      const waiting = steps.map((s) => ({ ...s, waits: true }));
      for (const { then } of verdicts(waiting, 10)) expect(then).toBe('go on');
      const unanswered = steps.map((s) => ({ ...s, answered: false }));
      for (const { then } of verdicts(unanswered, 10)) expect(then).toBe('go on');
    }),
  );
});

test('a verdict is what its definition says: the time that counted since it last got on, had nothing to read or joined', () => {
  fc.assert(
    fc.property(anySteps, fc.nat({ max: 3 }), (steps, lag) => {
      const given = verdicts(steps, lag);
      const stood = (at: number): number => {
        let counted = 0;
        for (let i = at; i >= 0; i--) {
          const [s, now] = [steps[i] ?? step(), given[i]];
          if (now === undefined || !s.assigned || (i < at && now.then !== 'go on')) return counted;
          // What was read while another member had it is news to this one.
          const before = steps[i - 1]?.assigned === true ? (given[i - 1]?.position ?? 0n) : 0n;
          if (now.position > before) return counted;
          if (!s.answered) continue;
          if (now.end <= now.position) return counted;
          if (!s.waits) counted += LOOK_MS;
        }
        return counted;
      };
      given.forEach(({ then, stalls }, i) => {
        const answered = steps[i]?.answered === true && steps[i]?.assigned === true;
        const expected = answered && stood(i) >= AFTER_MS;
        expect([i, then !== 'go on', stalls.length === 1]).toEqual([i, expected, expected]);
      });
    }),
    { numRuns: 500 },
  );
});

test('one that stands still is reported and joined again, and is the end where that does not help', () => {
  const still = Array.from({ length: 12 }, () => step());
  const given = verdicts(still, 5);
  expect(given.map(({ then }) => then)).toEqual([
    ...Array.from({ length: 5 }, () => 'go on'),
    'rejoin',
    ...Array.from({ length: 5 }, () => 'go on'),
    'end',
  ]);
  expect(given[5]?.stalls).toEqual([{ partition: 0, position: 0n, end: 5n, seconds: 60 }]);
  // It got on after joining: the next stall is a new one.
  const helped = [...still.slice(0, 6), step({ read: 1 }), ...still.slice(0, 6)];
  expect(verdicts(helped, 5).map(({ then }) => then)).toContain('rejoin');
  expect(verdicts(helped, 5).map(({ then }) => then)).not.toContain('end');
});

test('reading the same once more is no progress, and a topic that was made anew begins again', () => {
  const stalls = createStalls(AFTER_MS, 1);
  const look = (position: bigint, end: bigint, partition = 0) =>
    stalls.look([{ partition, position, from: 0n, end }], LOOK_MS).then;
  expect(look(10n, 20n)).toBe('go on');
  const again = [8n, 9n, 10n, 8n, 9n, 10n].map((position) => look(position, 20n));
  expect(again.at(-1)).toBe('rejoin');
  const anew = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n].map((position) => look(position, 9n));
  expect(new Set(anew)).toEqual(new Set(['go on']));
});

test('each partition counts for itself', () => {
  const stalls = createStalls(AFTER_MS, 1);
  const two = (moving: bigint): Sighting[] => [
    { partition: 1, position: moving, from: 0n, end: 100n },
    { partition: 2, position: undefined, from: 3n, end: 7n },
  ];
  for (let i = 0n; i < 5n; i++) expect(stalls.look(two(i), LOOK_MS).then).toBe('go on');
  expect(stalls.seconds()).toEqual(
    new Map([
      [1, 0],
      [2, 50],
    ]),
  );
  expect(stalls.look(two(5n), LOOK_MS).stalls).toEqual([
    { partition: 2, position: 3n, end: 7n, seconds: 60 },
  ]);
});
