import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { listen, sendRaw } from '../../test/raw';
import { EVENT, LIMITS, openSource } from '../../test/source';
import { createBodyLedger } from './ledger';
import { paced } from './pace';

const body = JSON.stringify(EVENT);
const head = (length: number, type = 'application/json') =>
  `POST /eventos HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;

describe('bodies that announce much and bring little', () => {
  let app: FastifyInstance;
  let port: number;
  beforeAll(async () => {
    const limits = { ...LIMITS, maxBodyBytes: 1_048_576, maxPendingBytes: 2_000_000, bodyStallMs: 600_000 };
    app = await openSource({ limits });
    port = await listen(app);
  });
  afterAll(() => app.close());

  test.each(['application/json', 'application/x-ndjson'])('take no room from others (%s)', async (type) => {
    const sockets = Array.from({ length: 64 }, () => connect(port, '127.0.0.1'));
    try {
      await Promise.all(
        sockets.map((socket) => new Promise((done) => socket.write(`${head(1_048_576, type)}[`, done))),
      );
      for (let i = 0; i < 20; i++)
        expect((await sendRaw(port, head(Buffer.byteLength(body)), body)).status).toBe(202);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });
});

describe('a body that stands still', () => {
  test.each(['application/json', 'application/x-ndjson'])('is answered with 408 (%s)', async (type) => {
    const app = await openSource({ limits: { ...LIMITS, bodyStallMs: 100, bodyBytesPerSecond: 1_000_000 } });
    const answer = await sendRaw(await listen(app), head(1_000, type), `${body}\n`);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      408,
      expect.objectContaining({ type: 'urn:rastreio:problem:too-slow', title: 'Too slow' }),
    ]);
    await app.close();
  });

  test('trickles until what it earned is used up; while we are slow nothing is counted', async () => {
    const pace = { bodyStallMs: 200, bodyBytesPerSecond: 1_000_000 };
    async function* trickle() {
      for (;;) {
        yield Buffer.from('x');
        await sleep(20);
      }
    }
    const read = async (source: Readable, waitMs: number) => {
      let bytes = 0;
      for await (const chunk of paced(source, pace)) {
        bytes += chunk.length;
        await sleep(waitMs);
      }
      return bytes;
    };
    await expect(read(Readable.from(trickle()), 0)).rejects.toMatchObject({ problem: { status: 408 } });
    const chunks = Array.from({ length: 5 }, () => Buffer.from('x'));
    expect(await read(Readable.from(chunks, { highWaterMark: 10 }), 100)).toBe(5);
  });
});

test('one sender holds at most half of the memory for bodies, and what is answered is given back', () => {
  const ledger = createBodyLedger({ ...LIMITS, maxBodyBytes: 10, maxPendingBytes: 100 });
  const [one, two, other, third] = [ledger.open('a'), ledger.open('a'), ledger.open('b'), ledger.open('c')];
  one.hold(30);
  two.hold(20);
  expect(() => two.hold(1)).toThrow('50 bytes of your other requests are being read');
  other.hold(50);
  expect(() => third.hold(1)).toThrow('100 bytes of other requests are being read');
  one.release();
  one.release();
  third.hold(30);
  two.release();
  two.hold(20);
  expect(() => two.hold(1)).toThrow('100 bytes of other requests');
});
