import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMeter } from './bounds';
import { createPrometheus } from './prometheus';

const range = { fromMs: 1_700_000_000_000, toMs: 1_700_000_600_000 };
const bounds = { rows: 10, points: 1000, bytes: 100_000 };
const takePoints = createMeter(bounds).takePoints;
const source = (url: string) => ({
  ...{ name: 'P', uid: 'p', type: 'prometheus', url, user: '', isDefault: false },
  ...{ jsonData: {}, secureJsonData: {} },
});
const query = (more: object) => ({
  ...{
    refId: 'A',
    datasource: { uid: 'p' },
    rawSql: '',
    format: 'table' as const,
    intervalMs: 60_000,
    expr: 'up',
  },
  ...more,
});

let server: Server;
let asked: { path: string; body: URLSearchParams }[];
let answer: { status: number; body: string };
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ path: request.url ?? '', body: new URLSearchParams(body) });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => (asked = []));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const success = (resultType: string, result: unknown) => ({
  status: 200,
  body: JSON.stringify({ status: 'success', data: { resultType, result } }),
});

test('without an address it is no error: the panel takes Grafana', async () => {
  expect(await createPrometheus(bounds)(source(''), query({}), range, takePoints)).toEqual({
    status: 200,
    unavailable: 'Este painel precisa de um Prometheus: diga o seu endereço em PROMETHEUS_URL.',
    frames: [],
  });
});

test('a range is a frame per series, named by its legend', async () => {
  answer = success('matrix', [
    {
      metric: { __name__: 'up', job: 'consumer' },
      values: [
        [1_700_000_000, '1'],
        [1_700_000_060, 'NaN'],
      ],
    },
  ]);
  const result = await createPrometheus(bounds)(
    source(`${url()}/prom/`),
    query({ expr: 'rate(x[$__rate_interval])', legendFormat: '{{job}} aqui' }),
    range,
    takePoints,
  );
  expect(asked[0]?.path).toBe('/prom/api/v1/query_range');
  expect(Object.fromEntries(asked[0]?.body ?? [])).toEqual({
    ...{ query: 'rate(x[240s])', start: '1700000000', end: '1700000600', step: '60' },
  });
  expect(result).toMatchObject({
    status: 200,
    frames: [
      {
        schema: {
          fields: [
            { name: 'Time' },
            { name: 'up', labels: { job: 'consumer' }, config: { displayNameFromDS: 'consumer aqui' } },
          ],
        },
        data: {
          values: [
            [1_700_000_000_000, 1_700_000_060_000],
            [1, NaN],
          ],
        },
      },
    ],
  });
});

test('an instant is asked for as one', async () => {
  answer = success('vector', [{ metric: {}, value: [1_700_000_600, '7'] }]);
  const result = await createPrometheus(bounds)(source(url()), query({ instant: true }), range, takePoints);
  expect(asked[0]?.path).toBe('/api/v1/query');
  expect(result.frames[0]?.data.values).toEqual([[1_700_000_600_000], [7]]);
});

test.each([
  [{ status: 400, body: '{"status":"error","error":"parse error"}' }, {}, 'Prometheus: parse error'],
  [{ status: 502, body: '{"x":1}' }, {}, /respondeu 502/],
  [success('vector', []), { intervalMs: 1 }, /600\.000 pontos/],
])('what goes wrong is said: %j', async (given, more, message) => {
  answer = given;
  const result = await createPrometheus(bounds)(source(url()), query(more), range, takePoints);
  expect(result).toMatchObject({ status: 500, frames: [], error: expect.stringMatching(message) as string });
});

test('an answer with more series or bytes than a page can show is refused', async () => {
  const values = Array.from({ length: 101 }, (_, i) => [1_700_000_000 + i, '1']);
  const series = Array.from({ length: 10 }, (_, i) => ({ metric: { n: String(i) }, values }));
  const ask = () => createPrometheus(bounds)(source(url()), query({}), range, createMeter(bounds).takePoints);
  answer = success('matrix', series);
  expect(await ask()).toMatchObject({
    status: 500,
    error: expect.stringContaining('1.010 pontos') as string,
  });
  answer = success('matrix', series.slice(0, 9));
  expect(await ask()).toMatchObject({ status: 200 });
  answer = success('matrix', [{ metric: { n: 'x'.repeat(200_000) }, values }]);
  expect(await ask()).toMatchObject({ error: expect.stringMatching(/dão mais de .* MB/) as string });
});
