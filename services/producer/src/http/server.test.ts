import type { Publisher } from '@rastreio/kafka';
import type { FastifyInstance } from 'fastify';
import { EVENT, kafka, openPublisher, openSource, post, postLines, WRONG } from '../../test/httpSource';
import { freshTopic } from '@rastreio/testing/topic';

let publisher: Publisher;
let app: FastifyInstance;
let topic: string;
beforeAll(async () => {
  topic = await freshTopic(kafka, 3);
  publisher = await openPublisher(topic);
  app = await openSource({ publisher });
});
afterAll(async () => {
  await app.close();
  await publisher.close();
});

/** Messages in the topic, over all partitions. */
async function published(): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

describe('JSON', () => {
  test('202 comes after Kafka has the events: one, and several with a result each', async () => {
    const before = await published();
    const one = await post(app, EVENT);
    expect([one.statusCode, one.json()]).toEqual([
      202,
      { accepted: 1, refused: 0, request_id: expect.any(String) as string },
    ]);
    expect(await published()).toBe(before + 1);
    const two = await post(app, [EVENT, { ...EVENT, id_pacote: 78 }]);
    expect(two.json()).toMatchObject({
      accepted: 2,
      results: [
        { index: 0, status: 'accepted' },
        { index: 1, status: 'accepted' },
      ],
    });
    expect(await published()).toBe(before + 3);
  });

  test('of a batch the valid events are taken, and each wrong one is told with field, value and rule', async () => {
    const before = await published();
    const answer = await post(app, [EVENT, WRONG]);
    expect(answer.statusCode).toBe(207);
    expect(answer.json()).toMatchObject({
      accepted: 1,
      refused: 1,
      results: [
        { index: 0, status: 'accepted' },
        {
          index: 1,
          status: 'refused',
          errors: [
            {
              field: 'id_pacote',
              reason: 'out_of_range',
              value: '-1',
              rule: expect.stringContaining('range') as string,
            },
            {
              field: 'destino',
              reason: 'empty',
              value: '""',
              detail: expect.stringContaining('1 to 255') as string,
            },
          ],
        },
      ],
    });
    expect(await published()).toBe(before + 1);
  });

  test.each(['9007199254740990.6', '1e400', '123456789012345678', '-0', '1.50'])(
    'the number %s is quoted as it was sent, and nothing like it is stored',
    async (number) => {
      const before = await published();
      const wrong = JSON.stringify(EVENT).replace(/"id_pacote":\d+/, `"id_pacote":${number}`);
      const array = await post(app, `[${wrong}]`);
      const lines = await post(app, `${wrong}\n`, { headers: { 'content-type': 'application/x-ndjson' } });
      expect(array.json()).toMatchObject({ status: 422, errors: [{ field: 'id_pacote', value: number }] });
      expect(lines.json()).toMatchObject({
        status: 422,
        results: [{ errors: [{ field: 'id_pacote', value: number }] }],
      });
      expect(await published()).toBe(before);
    },
  );

  test('with Prefer: handling=strict one wrong event refuses all, and nothing is published', async () => {
    const before = await published();
    const answer = await post(app, [EVENT, WRONG], { headers: { prefer: 'handling=strict' } });
    expect(answer.statusCode).toBe(422);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({
      type: 'urn:rastreio:problem:invalid-event',
      status: 422,
      accepted: 0,
      errors: [
        { index: 1, field: 'id_pacote', reason: 'out_of_range' },
        { index: 1, field: 'destino', reason: 'empty' },
      ],
    });
    expect(await published()).toBe(before);
  });

  test.each<[string, string | Buffer, string, number, RegExp]>([
    ['half an object', '{"id_pacote": 1', 'application/json', 400, /not valid JSON/],
    [
      'invalid UTF-8',
      Buffer.from(JSON.stringify(EVENT).replace('í', '?'), 'latin1').fill(0xff, 30, 31),
      'application/json',
      400,
      /not UTF-8/,
    ],
    ['a CSV', 'a,b', 'text/csv', 415, /application\/json/],
    ['an empty array', '[]', 'application/json', 422, /at least one/],
    ['no body', '', 'application/json', 422, /at least one/],
    ['no NDJSON line', '\n\n', 'application/x-ndjson', 422, /at least one/],
    ['too many', JSON.stringify([EVENT, EVENT, EVENT, EVENT]), 'application/json', 413, /at most 3/],
    [
      'too large',
      JSON.stringify({ ...EVENT, x: 'y'.repeat(5000) }),
      'application/json',
      413,
      /larger than 4096/,
    ],
    ['a text', '"text"', 'application/json', 422, /not a JSON object/],
    ['null', 'null', 'application/json', 422, /not a JSON object/],
    ['brackets without end', '['.repeat(2000) + ']'.repeat(2000), 'application/json', 422, /array of 1/],
  ])('%s is answered with a problem', async (_name, payload, type, status, detail) => {
    const answer = await post(app, payload, { type });
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({
      status,
      type: expect.stringMatching(/^urn:rastreio:problem:/) as string,
      detail: expect.stringMatching(detail) as string,
      instance: `urn:request:${String(answer.headers['x-request-id'])}`,
    });
    expect(answer.statusCode).toBe(status);
  });
});

describe('NDJSON', () => {
  test('a stream of any length is taken chunk by chunk; refused lines are told by number', async () => {
    const before = await published();
    const lines = Array.from({ length: 2_500 }, (_, i) => ({ ...EVENT, id_pacote: i + 1 }));
    const answer = await postLines(app, [
      ...lines,
      'nonsense',
      WRONG,
      '',
      `{"x":"${'y'.repeat(70_000)}"}`,
      EVENT,
    ]);
    expect(answer.statusCode).toBe(207);
    expect(answer.json()).toMatchObject({
      accepted: 2_501,
      refused: 3,
      results: [
        { line: 2_501, errors: [{ reason: 'invalid_json' }] },
        { line: 2_502, errors: [{ field: 'id_pacote', value: '-1' }, { field: 'destino' }] },
        { line: 2_504, errors: [{ reason: 'too_large' }] },
      ],
    });
    expect(await published()).toBe(before + 2_501);
  });

  test('only valid lines: 202; none: 422; more refused lines than are listed are counted', async () => {
    expect((await postLines(app, [EVENT])).statusCode).toBe(202);
    expect((await postLines(app, [WRONG])).json()).toMatchObject({ status: 422, accepted: 0, refused: 1 });
    const many = await postLines(app, new Array(1_200).fill(7));
    expect(many.json()).toMatchObject({ refused: 1_200, results_omitted: 200 });
  });
});

test('the answer tells which statuses are unknown, of accepted events, in one and in several, and of a stream of any length', async () => {
  const odd = { ...EVENT, status_rastreamento: 'foto  tirada' };
  const one = await post(app, odd);
  expect([one.statusCode, one.json()]).toEqual([
    202,
    {
      ...{ accepted: 1, refused: 0, unknown_statuses: { 'FOTO TIRADA': 1 } },
      request_id: expect.any(String) as string,
    },
  ]);
  const none = await post(app, [EVENT, { ...odd, id_pacote: -1 }, { ...odd, correcao: 'anterior' }]);
  expect(none.json()).toMatchObject({ accepted: 2, refused: 1 });
  expect(none.json()).not.toHaveProperty('unknown_statuses');
  expect((await post(app, [odd, EVENT, odd])).json()).toMatchObject({
    unknown_statuses: { 'FOTO TIRADA': 2 },
  });
  const lines = Array.from({ length: 1_500 }, (_, i) => (i % 2 === 0 ? EVENT : odd));
  expect((await postLines(app, [...lines, 'nonsense'])).json()).toMatchObject({
    ...{ accepted: 1_500, refused: 1, unknown_statuses: { 'FOTO TIRADA': 750 } },
  });
  expect((await postLines(app, [EVENT])).json()).not.toHaveProperty('unknown_statuses');
});

test('the request id of the caller comes back, an odd one is replaced', async () => {
  const mine = await post(app, EVENT, { headers: { 'x-request-id': 'lote-2026-11-24.1' } });
  expect([mine.headers['x-request-id'], mine.json<{ request_id: string }>().request_id]).toEqual(
    new Array(2).fill('lote-2026-11-24.1'),
  );
  const odd = await post(app, EVENT, { headers: { 'x-request-id': 'a b\tc' } });
  expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test('health and unknown addresses', async () => {
  expect((await app.inject('/readyz')).statusCode).toBe(200);
  const away = await openSource({ publisher, health: { notReady: () => 'no broker' } });
  expect((await away.inject('/readyz')).statusCode).toBe(503);
  await away.close();
  expect((await app.inject('/events?x=1')).json()).toMatchObject({
    status: 404,
    detail: expect.stringContaining('GET /events does not exist; send events to POST /eventos') as string,
  });
  // Not for carriers: it has a port of its own.
  expect((await app.inject('/metrics')).statusCode).toBe(404);
});
