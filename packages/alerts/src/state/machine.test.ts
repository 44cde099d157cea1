import fc from 'fast-check';
import type { Policy } from '../rule/rule';
import { MISSING, NO_LABELS, step, WHOLE_QUERY, type Evaluation, type Instances } from './machine';

const MINUTE = 60_000;
const BASE: Policy = {
  intervalMs: MINUTE,
  forMs: 0,
  keepFiringMs: 0,
  noData: 'NoData',
  onError: 'Error',
  missingEvaluations: 2,
  fires: { type: 'gt', params: [1] },
};
const A = '{"rota":"A"}';

/** A letter of a scenario: a value of instance A, `-` for an answer without A (another row is there), `0` for no rows, `!` for an error. */
function toEvaluation(sign: string): Evaluation {
  if (sign === '0') return { kind: 'no data' };
  if (sign === '!') return { kind: 'error' };
  const other: [string, number] = ['{"rota":"B"}', 0];
  if (sign === '-') return { kind: 'rows', rows: new Map([other]) };
  const value = sign === 'n' ? null : sign === 'N' ? NaN : Number(sign);
  return { kind: 'rows', rows: new Map<string, number | null>([[A, value], other]) };
}

/** The states of one instance, evaluation by evaluation; `.` where there is none. */
function statesOf(policy: Policy, signs: string, key = A): string {
  const instances: Instances = new Map();
  return signs
    .split(' ')
    .map((sign, i) => {
      const gone = step(instances, policy, toEvaluation(sign), i * MINUTE).some(
        (transition) => transition.key === key && transition.reason === MISSING,
      );
      const instance = instances.get(key);
      if (instance === undefined) return gone ? 'gone' : '.';
      const { state, reason } = instance;
      return reason === '' ? state : `${state}(${reason})`;
    })
    .join(' ');
}

describe('as Grafana 12.2', () => {
  test.each<[string, Partial<Policy>, string, string]>([
    ['fires at once without a wait', {}, '0.5 2 0.5', 'Normal Alerting Normal'],
    ['a limit itself does not fire', {}, '1', 'Normal'],
    [
      'waits, and counts from the first evaluation above',
      { forMs: 2 * MINUTE },
      '2 2 2 2 0.5',
      'Pending Pending Alerting Alerting Normal',
    ],
    [
      'one answer without rows does not break a wait',
      { forMs: 2 * MINUTE },
      '2 2 0 2 2',
      'Pending Pending Pending Alerting Alerting',
    ],
    [
      'a normal value ends the wait',
      { forMs: 2 * MINUTE },
      '2 2 0.5 2 2 2',
      'Pending Pending Normal Pending Pending Alerting',
    ],
    [
      'recovers for a while and then ends',
      { keepFiringMs: 2 * MINUTE },
      '2 0.5 0.5 0.5',
      'Alerting Recovering Recovering Normal',
    ],
    [
      'one that recovers fires again without waiting',
      { forMs: MINUTE, keepFiringMs: 2 * MINUTE },
      '2 2 0.5 2',
      'Pending Alerting Recovering Alerting',
    ],
    [
      'hysteresis holds between the limits once it fires',
      { ends: { type: 'lt', params: [0.5] } },
      '0.7 2 0.7 0.4 0.7',
      'Normal Alerting Alerting Normal Normal',
    ],
    [
      'hysteresis holds while pending',
      { forMs: 2 * MINUTE, ends: { type: 'lt', params: [0.5] } },
      '2 0.7 0.7',
      'Pending Pending Alerting',
    ],
    [
      'hysteresis does not hold while recovering: between the limits is normal then',
      { keepFiringMs: 2 * MINUTE, ends: { type: 'lt', params: [0.5] } },
      '2 0.4 0.7 0.7',
      'Alerting Recovering Recovering Normal',
    ],
    [
      'a row that is gone is resolved at the second evaluation without it',
      {},
      '2 - - -',
      'Alerting Alerting gone .',
    ],
    [
      'after as many evaluations as the rule says',
      { missingEvaluations: 3 },
      '2 - - -',
      'Alerting Alerting Alerting gone',
    ],
    ['a row that is back in time has gone on', { forMs: 2 * MINUTE }, '2 - 2', 'Pending Pending Alerting'],
    [
      'a row that is gone does not recover first',
      { keepFiringMs: 9 * MINUTE },
      '2 - -',
      'Alerting Alerting gone',
    ],
    ['no data as OK ends all', { noData: 'OK' }, '2 0 2', 'Alerting Normal(NoData) Alerting'],
    [
      'no data as OK recovers first',
      { noData: 'OK', keepFiringMs: MINUTE },
      '2 0 0',
      'Alerting Recovering(NoData) Normal(NoData)',
    ],
    [
      'no data as alerting fires what was normal, after its wait',
      { noData: 'Alerting', forMs: MINUTE },
      '0.5 0 0',
      'Normal Pending(NoData) Alerting(NoData)',
    ],
    [
      'no data that keeps the last state leaves it',
      { noData: 'KeepLast' },
      '2 0 0.5 0',
      'Alerting Alerting(NoData, KeepLast) Normal Normal(NoData, KeepLast)',
    ],
    [
      'a kept wait ends as it would have',
      { noData: 'KeepLast', forMs: MINUTE },
      '2 0',
      'Pending Alerting(NoData, KeepLast)',
    ],
    ['no data as such leaves the others, which are gone after two', {}, '2 0 0', 'Alerting Alerting gone'],
    ['an error as alerting fires all', { onError: 'Alerting' }, '0.5 ! 0.5', 'Normal Alerting(Error) Normal'],
    ['an error as OK ends all', { onError: 'OK' }, '2 !', 'Alerting Normal(Error)'],
    [
      'an error that keeps the last state leaves it',
      { onError: 'KeepLast' },
      '2 !',
      'Alerting Alerting(Error, KeepLast)',
    ],
    ['an error as such leaves the others, which are gone after two', {}, '2 ! !', 'Alerting Alerting gone'],
    ['NULL is no number and above nothing', {}, 'N', 'Normal'],
    ['NULL differs from any limit', { fires: { type: 'ne', params: [1] } }, 'N', 'Alerting'],
    ['no value in one row is no data of it alone', {}, '2 n', 'Alerting NoData'],
    ['the same as OK', { noData: 'OK' }, '2 n', 'Alerting Normal(NoData)'],
  ])('%s', (_what, change, signs, states) => {
    const policy = { ...BASE, ...change };
    expect(statesOf(policy, signs)).toBe(states);
  });

  test.each<[string, Partial<Policy>, string, string, string]>([
    ['no data', {}, '0 0 2', WHOLE_QUERY, 'NoData NoData gone'],
    [
      'no data as alerting where nothing was before',
      { noData: 'Alerting' },
      '0 2 2',
      WHOLE_QUERY,
      'Alerting(NoData) Alerting(NoData) gone',
    ],
    ['an error', {}, '! ! 2', WHOLE_QUERY, 'Error Error gone'],
    [
      'an error as alerting where nothing was before',
      { onError: 'Alerting' },
      '! 2 2',
      NO_LABELS,
      'Alerting(Error) Alerting(Error) gone',
    ],
  ])('%s has an instance of its own', (_what, change, signs, key, states) => {
    expect(statesOf({ ...BASE, ...change }, signs, key)).toBe(states);
  });
});

describe('a literal definition over all values so far', () => {
  const policies = fc.record({
    forMinutes: fc.integer({ min: 0, max: 4 }),
    keepMinutes: fc.integer({ min: 0, max: 4 }),
    ends: fc.boolean(),
  });
  const values = fc.array(fc.constantFrom(0.1, 0.7, 2), { minLength: 1, maxLength: 40 });

  test('gives the same states', () => {
    fc.assert(
      fc.property(policies, values, ({ forMinutes, keepMinutes, ends }, list) => {
        const policy: Policy = {
          ...BASE,
          forMs: forMinutes * MINUTE,
          keepFiringMs: keepMinutes * MINUTE,
          ends: ends ? { type: 'lt', params: [0.5] } : undefined,
        };
        const states = statesOf(policy, list.join(' ')).split(' ');
        list.forEach((value, i) => {
          const before = states[i - 1] ?? 'Normal';
          const isLoaded = ends && (before === 'Pending' || before === 'Alerting');
          const isBad = isLoaded ? value >= 0.5 : value > 1;
          // How many evaluations in a row, this one left out, had the state of the one before.
          let run = 0;
          while (i - 1 - run >= 0 && states[i - 1 - run] === before) run++;
          expect([i, states[i]]).toEqual([i, expected(before, isBad, run, forMinutes, keepMinutes)]);
        });
      }),
    );
  });

  function expected(before: string, isBad: boolean, run: number, wait: number, keep: number): string {
    if (isBad) {
      if (before === 'Normal') return wait > 0 ? 'Pending' : 'Alerting';
      if (before === 'Pending') return run >= wait ? 'Alerting' : 'Pending';
      return 'Alerting';
    }
    if (before === 'Alerting') return keep > 0 ? 'Recovering' : 'Normal';
    if (before === 'Recovering') return run >= keep ? 'Normal' : 'Recovering';
    return 'Normal';
  }

  test('instances do not know of each other', () => {
    fc.assert(
      fc.property(values, values, (one, two) => {
        const together: Instances = new Map();
        const alone: Instances = new Map();
        const policy = { ...BASE, forMs: MINUTE, keepFiringMs: MINUTE };
        one.forEach((value, i) => {
          step(
            together,
            policy,
            {
              kind: 'rows',
              rows: new Map([
                [A, value],
                ['B', two[i % two.length] ?? 0],
              ]),
            },
            i * MINUTE,
          );
          step(alone, policy, { kind: 'rows', rows: new Map([[A, value]]) }, i * MINUTE);
          expect(together.get(A)).toEqual(alone.get(A));
        });
      }),
    );
  });
});
