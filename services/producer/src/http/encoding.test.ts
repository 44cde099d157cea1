import type { FastifyInstance } from 'fastify';
import { EVENT, openSource, post } from '../../test/source';

let app: FastifyInstance;
beforeAll(async () => {
  app = await openSource();
});
afterAll(() => app.close());

const NDJSON = 'application/x-ndjson';
const BOM = '\ufeff';
const text = JSON.stringify(EVENT);
const wide = (bytesPerUnit: 2 | 4, bigEndian: boolean, mark: boolean) => {
  const bytes = Buffer.from(`${mark ? BOM : ''}${text}`, 'utf16le');
  const units = Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16LE(2 * i));
  const target = Buffer.alloc(units.length * bytesPerUnit);
  units.forEach((unit, i) => {
    const at = i * bytesPerUnit;
    if (bigEndian) target.writeUIntBE(unit, at, bytesPerUnit);
    else target.writeUIntLE(unit, at, bytesPerUnit);
  });
  return target;
};

test.each([
  ['JSON', `${BOM}${text}`, 'application/json', 1],
  ['an array', `${BOM}[${text}]`, 'application/json', 1],
  ['two marks', `${BOM}${BOM}${text}`, 'application/json', 1],
  ['NDJSON', `${BOM}${text}\n${text}`, NDJSON, 2],
  ['files put together', `${BOM}${text}\r\n${BOM}${text}\n${BOM}\n`, NDJSON, 2],
])('a byte order mark is left out: %s', async (_name, body, type, accepted) => {
  const answer = await post(app, body, { type });
  expect([answer.statusCode, answer.json()]).toEqual([
    202,
    expect.objectContaining({ accepted, refused: 0 }),
  ]);
});

test.each([
  ['a mark alone', BOM, 'application/json'],
  ['a mark alone in NDJSON', `${BOM}\n`, NDJSON],
])('%s is no event', async (_name, body, type) => {
  expect((await post(app, body, { type })).json()).toMatchObject({ type: 'urn:rastreio:problem:no-event' });
});

const ENDIAN = [false, true].flatMap((bigEndian) => [false, true].map((mark) => [bigEndian, mark] as const));
test.each(
  ([2, 4] as const).flatMap((bytes) =>
    ENDIAN.flatMap(([big, mark]) =>
      ['application/json', NDJSON].map((type) => [bytes * 8, big, mark, type] as const),
    ),
  ),
)('UTF-%i is refused by its name (big-endian %s, marked %s, %s)', async (bits, big, mark, type) => {
  const answer = await post(app, wide(bits === 16 ? 2 : 4, big, mark), { type });
  expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([
    400,
    `the body is UTF-${bits}; send it in UTF-8`,
  ]);
});

test('a zero byte alone does not make a text UTF-16: its line is refused, the others are taken', async () => {
  const answer = await post(app, `{\0${text.slice(1)}\n${text}`, { type: NDJSON });
  expect(answer.json()).toMatchObject({ accepted: 1, refused: 1 });
});

test('a charset other than UTF-8 is refused by its name, unless the text is ASCII anyway', async () => {
  const type = 'application/json; charset=ISO-8859-1';
  const latin = Buffer.from(text, 'latin1');
  for (const kind of [type, type.replace('json', 'x-ndjson')])
    expect((await post(app, latin, { type: kind })).json()).toMatchObject({
      status: 415,
      detail: expect.stringContaining('its charset is iso-8859-1; send it in UTF-8') as string,
    });
  expect((await post(app, { ...EVENT, destino: 'Acre' }, { type })).statusCode).toBe(202);
  expect((await post(app, EVENT, { type: 'application/json; Charset="UTF-8"' })).statusCode).toBe(202);
});
