import type { Episode } from '../state/episodes';
import { messagesOf } from './messages';
import { routesOf } from './route';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const RULE = { title: 'Lenta', folder: 'Rastreio', labels: { gravidade: 'aviso' } };
const TREE = { group_by: ['alertname'], group_wait: '30s', group_interval: '5m', repeat_interval: '4h' };

function alert(name: string, fromMinute: number, toMinute?: number): Episode {
  return {
    key: JSON.stringify({ rota: name }),
    kind: 'Alerting',
    pendingMs: undefined,
    firingMs: fromMinute * MINUTE,
    recoveringMs: undefined,
    endedMs: toMinute === undefined ? undefined : toMinute * MINUTE,
    value: undefined,
  };
}

/** Each message as `seconds kind`. */
function told(episodes: readonly Episode[], endMs: number, tree: object = TREE): readonly string[] {
  return messagesOf(RULE, episodes, tree as never, endMs).map(({ atMs, kind }) => `${atMs / SECOND} ${kind}`);
}

test.each<[string, readonly Episode[], readonly string[]]>([
  [
    'one alert is told after group_wait and when it is over, at a group_interval',
    [alert('A', 0, 7)],
    ['30 firing', '630 resolved'],
  ],
  ['one that is over within group_wait is never told', [{ ...alert('A', 0), endedMs: 20 * SECOND }], []],
  [
    'two within group_wait are one message',
    [alert('A', 0, 20), { ...alert('B', 0, 20), firingMs: 10 * SECOND }],
    ['30 firing', '1230 resolved'],
  ],
  [
    'a later one waits for group_interval',
    [alert('A', 0, 60), alert('B', 1, 60)],
    ['30 firing', '330 firing', '3630 resolved'],
  ],
  [
    'one that is over while another fires is told with it',
    [alert('A', 0, 60), alert('B', 0, 7)],
    ['30 firing', '630 firing', '3630 resolved'],
  ],
  [
    'what goes on is repeated after repeat_interval',
    [alert('A', 0, 500)],
    ['30 firing', '14430 firing', '28830 firing', '30030 resolved'],
  ],
  [
    'after all is over a group waits anew',
    [alert('A', 0, 7), alert('A', 60, 70)],
    ['30 firing', '630 resolved', '3630 firing', '4230 resolved'],
  ],
])('%s', (_what, episodes, messages) => expect(told(episodes, 24 * HOUR)).toEqual(messages));

test('alerts of other groups are told apart; ... is every label', () => {
  const both = [alert('A', 0), alert('B', 0)];
  expect(told(both, HOUR)).toEqual(['30 firing']);
  expect(told(both, HOUR, { ...TREE, group_by: ['rota'] })).toEqual(['30 firing', '30 firing']);
  expect(told(both, HOUR, { ...TREE, group_by: ['...'] })).toEqual(['30 firing', '30 firing']);
});

test('no data is told under its own name', () => {
  const tree = {
    ...TREE,
    routes: [{ object_matchers: [['alertname', '=', 'DatasourceNoData']], group_wait: '2m' }],
  };
  expect(told([{ ...alert('A', 0), kind: 'NoData' }, alert('B', 0)], HOUR, tree)).toEqual([
    '30 firing',
    '120 firing',
  ]);
});

describe('routes', () => {
  const tree = {
    ...TREE,
    routes: [
      {
        object_matchers: [['rota', '=~', 'A.*']],
        group_wait: '1s',
        routes: [{ object_matchers: [['rota', '!=', 'AA']], group_interval: '2s' }],
      },
      { object_matchers: [['gravidade', '=', 'critico']], repeat_interval: '1h', continue: true },
      { object_matchers: [['gravidade', '!~', 'x']], repeat_interval: '2h' },
    ],
  };
  test.each([
    [{ rota: 'AA' }, [['/0/', 1, 300]]],
    [{ rota: 'AB' }, [['/0/0/', 1, 2]]],
    [
      { rota: 'B', gravidade: 'critico' },
      [
        ['/1/', 30, 300],
        ['/2/', 30, 300],
      ],
    ],
    [{ rota: 'B', gravidade: 'x' }, [['/', 30, 300]]],
  ])('of %j', (labels, expected) => {
    const found = routesOf(tree, labels);
    expect(
      found.map(({ id, groupWaitMs, groupIntervalMs }) => [id, groupWaitMs / 1000, groupIntervalMs / 1000]),
    ).toEqual(expected);
  });

  test('a rule may say it all itself', () => {
    expect(routesOf(tree, { rota: 'AA' }, { groupWaitMs: 5 })).toMatchObject([
      { id: '/rule', groupWaitMs: 5, repeatIntervalMs: 4 * HOUR },
    ]);
  });

  test('a matcher in another form is named', () => {
    expect(() => routesOf({ routes: [{ matchers: ['a="b"'] }] }, {})).toThrow(
      /a route with matchers; the backtest reads object_matchers/,
    );
  });
});
