import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { EVENT, LIMITS, openSource, post, WRONG } from '../../test/source';
import { codingsOf } from './contentCoding';

let app: FastifyInstance;
beforeAll(async () => {
  app = await openSource({ limits: { ...LIMITS, maxUnpackedBytes: 100_000 } });
});
afterAll(() => app.close());

const NDJSON = 'application/x-ndjson';
const PACK: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gzipSync(bytes),
  'x-gzip': (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
  identity: (bytes) => bytes,
};
const ask = (payload: Buffer, coding: string, type = 'application/json') =>
  post(app, payload, { type, headers: { 'content-encoding': coding } });

test('a packed body is answered as the same body unpacked, in any one or two codings', async () => {
  const bodies = fc.oneof(
    fc.constantFrom(
      ...[[EVENT], [EVENT, WRONG], EVENT, [], [WRONG]].map((value) => Buffer.from(JSON.stringify(value))),
    ),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );
  const codings = fc.array(fc.constantFrom(...Object.keys(PACK)), { minLength: 1, maxLength: 2 });
  const known = (answer: Awaited<ReturnType<typeof post>>) => {
    const { instance, request_id, ...rest } = answer.json<Record<string, unknown>>();
    expect(typeof (instance ?? request_id)).toBe('string');
    return [answer.statusCode, rest];
  };
  await fc.assert(
    fc.asyncProperty(
      bodies,
      codings,
      fc.constantFrom('application/json', NDJSON),
      async (body, names, type) => {
        const packed = names.reduce<Buffer>((bytes, name) => PACK[name]?.(bytes) ?? bytes, body);
        const plain = await post(app, body, { type });
        expect(known(await ask(packed, names.join(', '), type))).toEqual(known(plain));
      },
    ),
  );
});

test('"deflate" without the frame of zlib is read, and gzip of several members', async () => {
  expect((await ask(deflateRawSync(JSON.stringify(EVENT)), 'deflate')).statusCode).toBe(202);
  const lines = Buffer.concat([gzipSync(`${JSON.stringify(EVENT)}\n`), gzipSync(JSON.stringify(EVENT))]);
  expect((await ask(lines, 'gzip', NDJSON)).json()).toMatchObject({ accepted: 2 });
});

test.each(['compress', 'gzip, aes128gcm', 'gzip, gzip, gzip', '__proto__', 'constructor', 'gzip;q=1'])(
  'Content-Encoding %s is refused with the ones that are read',
  async (coding) => {
    const answer = await ask(Buffer.from(JSON.stringify(EVENT)), coding);
    expect(answer.statusCode).toBe(415);
    expect(answer.headers['accept-encoding']).toMatch(/^gzip, deflate, br(, zstd)?$/);
    expect(answer.json()).toMatchObject({ type: 'urn:rastreio:problem:unsupported-content-coding' });
  },
);

test.each(['gzip', 'deflate', 'br'])(
  '%s that is none, or that ends early, is refused and nothing is taken',
  async (coding) => {
    const whole = PACK[coding]?.(Buffer.from(`${JSON.stringify(EVENT)}\n`.repeat(20))) ?? Buffer.alloc(0);
    for (const body of [Buffer.from(JSON.stringify(EVENT)), whole.subarray(0, -5), Buffer.alloc(0)])
      for (const type of ['application/json', NDJSON])
        expect((await ask(body, coding, type)).json()).toMatchObject({
          status: 400,
          detail: expect.stringMatching(`the body is not in ${coding}, or not whole`) as string,
        });
  },
);

test('what unpacks to more than the limit is refused without being unpacked whole', async () => {
  const spaces = gzipSync(Buffer.alloc(50_000_000, ' '));
  const lines = gzipSync(gzipSync(Buffer.alloc(50_000_000, '\n')));
  const events = brotliCompressSync(Buffer.from(`${JSON.stringify(EVENT)}\n`.repeat(2_000)));
  expect((await ask(spaces.subarray(0, 4_000), 'gzip')).json()).toMatchObject({
    status: 413,
    detail: expect.stringContaining('larger than 4096 bytes when unpacked') as string,
  });
  expect((await ask(lines, 'gzip, gzip', NDJSON)).json()).toMatchObject({ status: 413, accepted: 0 });
  // What fits into the limit is kept, and the answer says where to go on.
  const partly = (await ask(events, 'br', NDJSON)).json<Record<string, number>>();
  expect(partly).toMatchObject({ status: 413, refused: 0 });
  expect(partly.accepted).toBe(partly.continue_after_line);
});

test('names are read in any case, with and without spaces', () => {
  expect(codingsOf(' GZip ,identity,, Br ')).toEqual(['gzip', 'br']);
  expect([codingsOf(undefined), codingsOf('')]).toEqual([[], []]);
});
