import { isAscii, isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { parseJson } from '@rastreio/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { otherCharset, wideEncoding, withoutBom } from '../encoding';
import { codingsOf, unpack } from './contentCoding';
import type { HttpLimits } from './httpLimits';
import type { BodyLedger, HeldBody } from './ledger';
import { paced } from './pace';
import { PROBLEMS, RefusedError } from './problem';

declare module 'fastify' {
  interface FastifyRequest {
    /** What is held of its body until it is answered. */
    held: HeldBody;
  }
}

const NDJSON = ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/json-lines'];

/** Has what a scope's requests hold of their bodies counted. */
export function holdBodies(
  scope: FastifyInstance,
  ledger: BodyLedger,
  senderOf: (request: FastifyRequest) => string,
): void {
  scope.addHook('onRequest', (request, reply, done) => {
    request.held = ledger.open(senderOf(request));
    // Always comes, also when the client goes away.
    reply.raw.once('close', () => request.held.release());
    done();
  });
}

/**
 * Lets a scope read JSON (whole) and NDJSON (as bytes to iterate over), packed or not, in UTF-8 with or without byte order
 * marks. Refuses bodies that are too large, too slow, in another encoding, or more than there is room for.
 */
export function acceptBodies(scope: FastifyInstance, limits: HttpLimits): void {
  scope.removeAllContentTypeParsers();
  const json = (request: FastifyRequest, payload: Readable) => readJson(request, payload, limits);
  scope.addContentTypeParser('application/json', json);
  scope.addContentTypeParser(NDJSON, (request: FastifyRequest, payload: Readable, done) => {
    try {
      const bytes = open(request, payload, limits);
      // Bodies that come unpacked may have any length: their sender has to bring every byte.
      done(null, isPacked(request) ? bounded(bytes, limits.maxUnpackedBytes, true) : bytes);
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

/** The bytes of a body, unpacked and known to be in an encoding that is read here. */
function open(request: FastifyRequest, payload: Readable, limits: HttpLimits): AsyncIterable<Buffer> {
  const unpacked = unpack(paced(payload, limits), request.headers['content-encoding']);
  return inUtf8(unpacked, otherCharset(request.headers['content-type']));
}

async function readJson(request: FastifyRequest, payload: Readable, limits: HttpLimits): Promise<unknown> {
  const { maxBodyBytes } = limits;
  if (Number(request.headers['content-length']) > maxBodyBytes)
    throw new RefusedError(PROBLEMS.tooLarge(maxBodyBytes, false));
  const parts: Buffer[] = [];
  for await (const part of bounded(open(request, payload, limits), maxBodyBytes, isPacked(request))) {
    request.held.hold(part.length);
    parts.push(part);
  }
  const body = withoutBom(Buffer.concat(parts));
  if (body.length === 0) return [];
  if (!isUtf8(body)) throw new RefusedError(PROBLEMS.notUtf8('not UTF-8'));
  try {
    return parseJson(body.toString('utf8'));
  } catch (error) {
    const { message } = error as Error;
    throw new RefusedError(PROBLEMS.notJson(`the body is not valid JSON (${message.slice(0, 120)})`));
  }
}

/** Whether a body has a content coding. */
export function isPacked({ headers }: FastifyRequest): boolean {
  return codingsOf(headers['content-encoding']).length > 0;
}

/** The same bytes, up to so many. @throws RefusedError (413) */
export async function* bounded(
  bytes: AsyncIterable<Buffer>,
  max: number,
  packed: boolean,
): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > max) throw new RefusedError(PROBLEMS.tooLarge(max, packed));
    yield chunk;
  }
}

/** Names other encodings instead of taking their bytes for broken UTF-8, line by line. */
async function* inUtf8(bytes: AsyncIterable<Buffer>, charset: string | undefined): AsyncGenerator<Buffer> {
  let start = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (charset !== undefined && !isAscii(chunk))
      throw new RefusedError(PROBLEMS.charset(charset.slice(0, 40)));
    if (start.length < 4) {
      start = Buffer.concat([start, chunk.subarray(0, 4 - start.length)]);
      const wide = wideEncoding(start);
      if (wide !== undefined) throw new RefusedError(PROBLEMS.notUtf8(wide));
    }
    yield chunk;
  }
}
