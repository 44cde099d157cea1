import { interpolate, type VariableValue } from './interpolate';

const variables = new Map<string, VariableValue>([
  ['status', { text: ["D'Água", 'B'], value: ["D'Água", 'B'] }],
  ['fonte', { text: 'Rastreio Lote', value: 'rastreio-lote' }],
]);

test.each([
  ['${fonte}', 'rastreio-lote'],
  ['$fonte/x', 'rastreio-lote/x'],
  ['[[fonte]]', 'rastreio-lote'],
  ['${fonte:text}', 'Rastreio Lote'],
  ['${status:sqlstring}', "'D''Água','B'"],
  ['${status:csv}', "D'Água,B"],
  ['${status:pipe}', "D'Água|B"],
  ['${status:json}', '["D\'Água","B"]'],
  ['$unknown ${unknown:csv} $__timeFilter(t)', '$unknown ${unknown:csv} $__timeFilter(t)'],
])('%s', (text, expected) => expect(interpolate(text, variables)).toBe(expected));

test('SQL quotes several values at once, a single one stays as it is', () => {
  expect(interpolate('s IN ($status) OR f = $fonte', variables, 'sql')).toBe(
    "s IN ('D''Água','B') OR f = rastreio-lote",
  );
});
