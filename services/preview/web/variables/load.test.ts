/** @jest-environment jsdom */
import { dateTime } from '@grafana/data';
import type { VariableModel } from '../model';
import { loadVariables, type LoadContext } from './load';

const RANGE = { from: dateTime(0), to: dateTime(3_600_000), raw: { from: 'now-1h', to: 'now' } };
const context: LoadContext = {
  fromUrl: new Map([['rota', ['Natal']]]),
  sources: [],
  range: RANGE,
  scope: { range: { from: 0, to: 3_600_000, raw: RANGE.raw }, timeZone: 'utc', macros: {} },
};
const query = (name: string, more: Partial<VariableModel> = {}): VariableModel => ({
  name,
  type: 'query',
  query: `SELECT '$antes' FROM ${name}`,
  datasource: { uid: 'x' },
  ...more,
});
const text: VariableModel = { name: 'antes', type: 'textbox', query: 'a' };

afterEach(() => jest.restoreAllMocks());

test.each<[string, () => Promise<Partial<Response>>, RegExp]>([
  [
    'the query fails',
    () =>
      Promise.resolve({
        ok: true,
        json: () => Promise.resolve({ results: { rota: { frames: [], error: 'relation does not exist' } } }),
      }),
    /relation does not exist/,
  ],
  ['the server does not answer', () => Promise.reject(new Error('out of reach')), /out of reach/],
])('a variable keeps its choice and says why where %s; the others are loaded', async (_, answer, error) => {
  globalThis.fetch = jest.fn(answer) as unknown as typeof fetch;
  const models = [text, query('rota'), { name: 'depois', type: 'custom', query: 'x,y' }];
  const [before, failed, after] = await loadVariables(models, context);
  expect(before).toMatchObject({ value: 'a' });
  expect(failed).toMatchObject({ value: 'Natal', options: [{ value: 'Natal' }] });
  expect(failed?.error).toMatch(error);
  expect(after).toMatchObject({ value: 'x' });
  expect(after?.error).toBeUndefined();
});
