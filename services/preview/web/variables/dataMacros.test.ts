/** @jest-environment jsdom */
import { createDataFrame, FieldType, type ScopedVars } from '@grafana/data';
import { DATA_MACROS } from './dataMacros';
import { interpolate, type Scope } from './interpolate';

const frame = createDataFrame({
  name: 'Rotas',
  refId: 'A',
  fields: [
    { name: 'time', type: FieldType.time, values: [1_700_000_000_000, 1_700_000_060_000] },
    { name: 'rota', values: ['Natal → Recife', 'São Luís → Natal'] },
    { name: 'total', values: [7, null], labels: { uf: 'RN' }, config: { displayName: 'Pacotes' } },
  ],
});
const scope: Scope = {
  variables: new Map(),
  range: { from: 0, to: 0, raw: { from: 'now-1h', to: 'now' } },
  timeZone: 'utc',
  macros: DATA_MACROS,
};
/** A link's text at a cell, filled in. */
function at(text: string, column: number, rowIndex?: number): string {
  const field = frame.fields[column];
  if (field === undefined) throw new Error(`there is no column ${column}`);
  const value = {
    data: [frame],
    frame,
    field,
    frameIndex: 0,
    ...(rowIndex === undefined ? {} : { rowIndex }),
  };
  const scoped: ScopedVars = { __dataContext: { value } };
  return interpolate(text, scope, scoped);
}

test('a link names its cell, the row’s other fields, field and series', () => {
  expect(at('${__value.raw}|${__value.text}|${__value.numeric}', 2, 0)).toBe('7|7|7');
  expect(at('${__data.fields.rota}|${__data.fields[1]}', 2, 1)).toBe('São Luís → Natal|São Luís → Natal');
  expect(at('${__value.time}', 1, 1)).toBe('1700000060000');
  expect(at('${__field.name}|${__field.displayName}|${__field.labels.uf}', 2, 0)).toBe('total|Pacotes|RN');
  expect(at('${__series.name}|${__data.refId}', 0, 0)).toBe('Rotas|A');
});

test('what a cell does not have is empty, and what belongs to no row stays as it is written', () => {
  expect(at('[${__value.text}]', 2, 1)).toBe('[]');
  expect(at('[${__data.fields.nada}]', 2, 1)).toBe('[]');
  expect(at('${__data.fields.rota}', 2)).toBe('${__data.fields.rota}');
});
