import { momentOf } from './range';
import { fillIn, valueOf, type Values } from './variables';

const RANGE = { from: 1000, to: 2000 };
const VARIABLES = new Map<string, Values>([
  ['uma', { list: ['São Paulo'] }],
  ['duas', { list: ["D'Oeste", 'Acre'] }],
  ['varias', { list: ["D'Oeste"], several: true }],
  ['apostrofo', { list: ["D'Oeste"] }],
  ['todas', { raw: "VARIADIC '{}'" }],
]);

test.each([
  ['$uma e ${uma}', 'São Paulo e São Paulo'],
  ['f($v$${duas:json}$v$)', `f($v$["D'Oeste","Acre"]$v$)`],
  ['f($v$${uma:json}$v$)', 'f($v$"São Paulo"$v$)'],
  ['escolhidos($todas)', "escolhidos(VARIADIC '{}')"],
  ['escolhidos($duas)', "escolhidos('D''Oeste','Acre')"],
  ['escolhidos($varias)', "escolhidos('D''Oeste')"],
  ["'$apostrofo' ${apostrofo:sqlstring}", "'D''Oeste' 'D''Oeste'"],
  ['IN (${duas:sqlstring})', "IN ('D''Oeste','Acre')"],
  ['IN ($duas)', "IN ('D''Oeste','Acre')"],
  ['~ "${duas:regex}" [[uma]]', `~ "(D'Oeste|Acre)" São Paulo`],
  ['$__timeFilter(x) ${__from} ${__interval} $outra', '$__timeFilter(x) 1000 ${__interval} $outra'],
])('%s becomes %s', (before, after) => {
  expect(fillIn(before, VARIABLES, RANGE)).toBe(after);
});

test.each<[what: string, variable: Parameters<typeof valueOf>[0], values: Values]>([
  ['what was chosen', { type: 'query', current: { value: ['b'] } }, { list: ['b'] }],
  [
    'one of which there may be several',
    { type: 'query', multi: true, current: { value: ['b'] } },
    { list: ['b'], several: true },
  ],
  ['all of them', { type: 'query', current: { value: '$__all' } }, { list: ['a', 'b'] }],
  [
    'all, as the dashboard writes it',
    { type: 'query', allValue: '[]', current: { value: ['$__all'] } },
    { raw: '[]' },
  ],
  ['the first', { type: 'query', current: {} }, { list: ['a'] }],
  ['a text', { type: 'textbox', query: '7', current: { value: '' } }, { list: ['7'] }],
  ['the first of a list', { type: 'custom', query: '1 dia : 1d, 7d', current: {} }, { list: ['1d'] }],
])('a variable’s value: %s', (_what, variable, values) => {
  expect(valueOf(variable, ['a', 'b'])).toEqual(values);
});

test('moments as dashboards write them', () => {
  const now = Date.parse('2026-11-25T10:30:00Z');
  expect(momentOf('now', now)).toBe(now);
  expect(momentOf('now-6h', now)).toBe(now - 6 * 3_600_000);
  expect(momentOf('now/d', now)).toBe(Date.parse('2026-11-25T00:00:00Z'));
  expect(momentOf('2026-01-01T00:00:00Z', now)).toBe(Date.parse('2026-01-01T00:00:00Z'));
});
