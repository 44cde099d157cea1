import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bounded, isPacked } from '../bodies';
import { MAX_PAYLOAD_BYTES } from '../../payloads';
import { unpack } from '../contentCoding';
import type { HttpLimits } from '../httpLimits';
import { paced } from '../pace';
import { PROBLEMS, RefusedError } from '../problem';

/** Lets a scope, which has no other parser, read bodies of any media type as bytes as they come, bounded. */
export function acceptRawBodies(scope: FastifyInstance, limits: HttpLimits): void {
  const maxBytes = Math.min(limits.maxBodyBytes, MAX_PAYLOAD_BYTES);
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', async (request: FastifyRequest, payload: Readable): Promise<Buffer> => {
    if (Number(request.headers['content-length']) > maxBytes)
      throw new RefusedError(PROBLEMS.payloadTooLarge(maxBytes));
    return gather(bounded(paced(payload, limits), maxBytes, false), request);
  });
}

/**
 * A body without its content coding.
 *
 * @param raw as it came
 * @throws RefusedError when it is not in that coding, or too large without it
 */
export async function unpacked(raw: Buffer, request: FastifyRequest, limits: HttpLimits): Promise<Buffer> {
  if (!isPacked(request)) return raw;
  const bytes = unpack(Readable.from([raw], { objectMode: true }), request.headers['content-encoding']);
  return gather(bounded(bytes, Math.min(limits.maxBodyBytes, MAX_PAYLOAD_BYTES), true), request);
}

async function gather(chunks: AsyncIterable<Buffer>, { held }: FastifyRequest): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) {
    held.hold(chunk.length);
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
