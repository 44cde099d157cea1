import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bounded, isPacked } from '../bodies';
import { unpack } from '../contentCoding';
import type { HttpLimits } from '../httpLimits';
import { paced } from '../pace';
import { PROBLEMS, RefusedError } from '../problem';

/** A body of which the profile says what it is. */
export interface RawBody {
  /** As it came: what a source signs. */
  readonly raw: Buffer;
  /** Without its content coding. */
  readonly bytes: Buffer;
}

/** Room for headers and key within the megabyte that Kafka takes for a message: a payload that cannot be read is kept as one. */
const MAX_PAYLOAD_BYTES = 900_000;

/** Lets a scope, which has no other parser, read bodies of any media type as bytes, bounded, packed or not. */
export function acceptRawBodies(scope: FastifyInstance, limits: HttpLimits): void {
  const maxBytes = Math.min(limits.maxBodyBytes, MAX_PAYLOAD_BYTES);
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', async (request: FastifyRequest, payload: Readable): Promise<RawBody> => {
    if (Number(request.headers['content-length']) > maxBytes)
      throw new RefusedError(PROBLEMS.tooLarge(maxBytes, false));
    const raw = await gather(bounded(paced(payload, limits), maxBytes, false), request);
    if (!isPacked(request)) return { raw, bytes: raw };
    const unpacked = unpack(Readable.from([raw], { objectMode: true }), request.headers['content-encoding']);
    return { raw, bytes: await gather(bounded(unpacked, maxBytes, true), request) };
  });
}

async function gather(chunks: AsyncIterable<Buffer>, { held }: FastifyRequest): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) {
    held.hold(chunk.length);
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
