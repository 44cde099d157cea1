import type { VariableModel } from '../model';
import { asSql, interpolate, type Scope } from './interpolate';
import { ALL, type Value, type Variable } from './types';

const variable = (
  name: string,
  value: Value,
  more: Partial<VariableModel> & { text?: Value } = {},
): Variable => {
  const { text, ...model } = more;
  return {
    model: { name, type: 'query', ...model },
    value,
    text: text ?? value,
    options: ['Natal', "D'Água", 'São "Luís"'].map((each) => ({ text: `${each} (texto)`, value: each })),
  };
};

const MULTI = { multi: true, includeAll: true };
const scope = (...variables: Variable[]): Scope => ({
  variables: new Map(variables.map((each) => [each.model.name, each])),
  range: {
    from: Date.parse('2026-11-23T10:00:00Z'),
    to: Date.parse('2026-11-23T11:00:00Z'),
    raw: { from: 'now-1h', to: 'now' },
  },
  timeZone: 'utc',
  macros: {
    __value: (path, scoped) => (scoped.row === undefined ? undefined : `${path ?? 'text'} da linha`),
  },
});

const SOME = scope(
  variable('um', 'Natal', { text: 'Natal (texto)' }),
  variable('dois', ["D'Água", 'São "Luís"'], MULTI),
  variable('so', ['Natal'], MULTI),
  variable('todos', [ALL], MULTI),
  variable('vazio', ALL, { includeAll: true, allValue: '[]' }),
  variable('outro', [ALL], { ...MULTI, allValue: '${um}.*' }),
  variable('texto', '', { type: 'textbox' }),
  variable('fixo', 'x', { type: 'constant' }),
);

// Seen in Grafana 12.2.0 (scenes 6.34): its formats, its oddities included.
test.each([
  ['${um}', 'Natal'],
  ['$um/x [[um]] ${um:raw}', 'Natal/x Natal Natal'],
  ['${um:text}', 'Natal (texto)'],
  ['$dois', '{D\'Água,São "Luís"}'],
  ['$so', 'Natal'],
  ['${dois:csv}', 'D\'Água,São "Luís"'],
  ['${dois:pipe}', 'D\'Água|São "Luís"'],
  ['${dois:json}', '["D\'Água","São \\"Luís\\""]'],
  ['${so:json}', '["Natal"]'],
  ['${um:json}', 'Natal'],
  ['${dois:sqlstring}', "'D''Água','São \\\"Luís\\\"'"],
  ['${dois:singlequote}', "'D\\'Água','São \"Luís\"'"],
  ['${dois:doublequote}', '"D\'Água","São \\"Luís\\""'],
  ['${dois:regex}', '(D\'Água|São "Luís")'],
  ['${dois:text}', 'D\'Água + São "Luís"'],
  ['${dois:queryparam}', 'var-dois=D%27%C3%81gua&var-dois=S%C3%A3o%20%22Lu%C3%ADs%22'],
  ['${so:percentencode}', '%7BNatal%7D'],
  ['${um:percentencode}', 'Natal'],
  ['${dois:0} ${dois.1}', '{D\'Água,São "Luís"} São "Luís"'],
  ['${um:unknown}', 'Natal'],
  // "All" stands for every option ...
  ['${todos:csv}', 'Natal,D\'Água,São "Luís"'],
  ['${todos:text} ${todos:queryparam}', 'All var-todos=$__all'],
  // ... or for the variable's own value, which goes in as it is, whatever the format, its variables filled in.
  ['f($v$${vazio:json}$v$)', 'f($v$[]$v$)'],
  ['${vazio} ${vazio:sqlstring} ${vazio:csv}', '[] [] []'],
  ['${vazio:text} ${vazio:percentencode} ${vazio:queryparam}', 'All %5B%5D var-vazio=$__all'],
  ['${outro:regex}', 'Natal.*'],
  [
    '$unknown ${unknown:csv} $__timeFilter(t) $__interval',
    '$unknown ${unknown:csv} $__timeFilter(t) $__interval',
  ],
  ['${__from} ${__to:date:seconds}', '1795428000000 1795431600'],
  ['${__from:date} ${__from:date:iso}', '2026-11-23T10:00:00.000Z 2026-11-23T10:00:00.000Z'],
  ['?${__url_time_range}', '?from=now-1h&to=now&timezone=utc'],
  [
    '?${__all_variables}',
    '?var-um=Natal&var-dois=D%27%C3%81gua&var-dois=S%C3%A3o%20%22Lu%C3%ADs%22&var-so=Natal&var-todos=$__all&var-vazio=$__all&var-outro=$__all',
  ],
  ['${__value.raw}', '${__value.raw}'],
])('%s', (text, expected) => expect(interpolate(text, SOME)).toBe(expected));

test('a row, field or step of the moment comes before variables and macros', () => {
  const scoped = {
    row: { text: '', value: 1 },
    um: { text: 'T', value: { a: ['x', 'y'] } },
    __interval: { text: '1m', value: '1m' },
  };
  expect(interpolate('${__value.raw} ${__value} $__interval ${um.a[1]} ${um:text}', SOME, scoped)).toBe(
    'raw da linha text da linha 1m y T',
  );
});

test.each([
  ['s IN ($dois)', `s IN ('D''Água','São "Luís"')`],
  ['s IN ($so) OR s = $vazio', "s IN ('Natal') OR s = []"],
  ['f = $um', 'f = Natal'],
  ['escolhidos($dois) escolhidos($so)', `escolhidos('D''Água','São "Luís"') escolhidos('Natal')`],
  ['${um:sqlstring} ${dois:json}', '\'Natal\' ["D\'Água","São \\"Luís\\""]'],
])('in SQL, %s', (text, expected) => expect(interpolate(text, SOME, {}, asSql)).toBe(expected));

test('in SQL, one value of a variable that may have several is quoted, of another its quotes are doubled', () => {
  const own = scope(variable('a', "D'Água", { includeAll: true }), variable('b', "D'Água"));
  expect(interpolate('$a $b', own, {}, asSql)).toBe("'D''Água' D''Água");
});

test('an address has values encoded as a whole', () => {
  expect(interpolate('/d/x?a=$um&b=$dois', SOME, {}, 'uriencode')).toBe(
    '/d/x?a=Natal&b=%7BD%27%C3%81gua,S%C3%A3o%20%22Lu%C3%ADs%22%7D',
  );
});
