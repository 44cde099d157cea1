import { isUtf8 } from 'node:buffer';
import { parseJson } from '@rastreio/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpLimits } from './httpLimits';
import { PROBLEMS, sendProblem } from './problem';

/** What an NDJSON request holds of its body at a time. */
const STREAM_BYTES = 262_144;
const NDJSON = ['application/x-ndjson', 'application/jsonl', 'application/json-lines'];

/**
 * Lets a scope read JSON (whole, as bytes, because text would hide invalid UTF-8) and NDJSON (as a stream), and refuses a
 * request with 503 while the bodies being read would together exceed their limit.
 */
export function acceptBodies(scope: FastifyInstance, { maxBodyBytes, maxPendingBytes }: HttpLimits): void {
  let reading = 0;
  scope.addHook('onRequest', async (request, reply) => {
    const bytes = bytesToHold(request, maxBodyBytes);
    if (reading + bytes > maxPendingBytes) {
      reply.header('connection', 'close');
      await sendProblem(reply, PROBLEMS.overloaded(`${reading} bytes of other requests are being read`));
      return;
    }
    reading += bytes;
    // Always comes, also when the client goes away.
    reply.raw.once('close', () => (reading -= bytes));
  });
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    if (body.length === 0) return done(null, []);
    if (!isUtf8(body)) return done(badRequest('the body is not UTF-8'), undefined);
    try {
      done(null, parseJson(body.toString('utf8')));
    } catch (error) {
      done(badRequest(`the body is not valid JSON (${(error as Error).message.slice(0, 120)})`), undefined);
    }
  });
  scope.addContentTypeParser(NDJSON, (_request, payload, done) => done(null, payload));
}

function bytesToHold(request: FastifyRequest, maxBodyBytes: number): number {
  if (NDJSON.some((type) => request.headers['content-type']?.startsWith(type))) return STREAM_BYTES;
  const length = Number(request.headers['content-length']);
  return Number.isFinite(length) ? Math.min(length, maxBodyBytes) : maxBodyBytes;
}

function badRequest(message: string): Error {
  return Object.assign(new Error(message), { statusCode: 400 });
}
