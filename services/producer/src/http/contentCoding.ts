import { pipeline, Readable, type Transform } from 'node:stream';
import zlib from 'node:zlib';
import { PROBLEMS, RefusedError } from './problem';

type Bytes = AsyncIterable<Buffer>;

/** More than two is no way to send an event. */
const MAX_CODINGS = 2;

/** The content codings that this Node reads. zstd came with Node 22.15; its window is the one that RFC 9659 allows. */
const UNPACK: Readonly<Record<string, (packed: Bytes) => Bytes>> = {
  gzip: (packed) => through(packed, zlib.createGunzip()),
  deflate: inflate,
  br: (packed) => through(packed, zlib.createBrotliDecompress()),
  ...('createZstdDecompress' in zlib
    ? { zstd: (packed: Bytes) => through(packed, zstdDecompress(zlib as unknown as ZstdModule)) }
    : {}),
};

export const CONTENT_CODINGS: readonly string[] = Object.keys(UNPACK);

/** Codings of a Content-Encoding header in the order in which they were put on; `identity` is none. */
export function codingsOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
    .map((name) => (name === 'x-gzip' ? 'gzip' : name));
}

/**
 * A body without its content codings (RFC 9110 section 8.4), in constant memory. How much may come out is for the reader to
 * bound.
 *
 * @throws RefusedError at once for a coding that is not known (415), while reading for bytes that are not in it (400)
 */
export function unpack(packed: Bytes, header: string | undefined): Bytes {
  const codings = codingsOf(header);
  const known = codings.every((name) => Object.hasOwn(UNPACK, name));
  if (!known || codings.length > MAX_CODINGS)
    throw new RefusedError(PROBLEMS.contentCoding((header ?? '').slice(0, 80), CONTENT_CODINGS));
  // The last one put on is the first to come off.
  return codings.reduceRight((bytes, name) => damaged(UNPACK[name]?.(bytes) ?? bytes, name), packed);
}

/** What zlib says of bytes that are not in the coding is the sender's fault. */
async function* damaged(unpacked: Bytes, name: string): AsyncGenerator<Buffer> {
  try {
    yield* unpacked;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!/^(Z_|ERR__ERROR_|ZSTD_)/.test(code)) throw error;
    throw new RefusedError(PROBLEMS.notUnpacked(`the body is not in ${name}, or not whole (${message})`));
  }
}

async function* through(packed: Bytes, transform: Transform): AsyncGenerator<Buffer> {
  // Its error comes out of the transform as well.
  pipeline(Readable.from(packed, { objectMode: false }), transform, () => undefined);
  for await (const chunk of transform) yield chunk as Buffer;
}

/** "deflate" is zlib's format, but some send the bare one; the lower half of zlib's first byte is 8 (RFC 1950), which a bare block cannot begin with in practice. */
async function* inflate(packed: Bytes): AsyncGenerator<Buffer> {
  const iterator = packed[Symbol.asyncIterator]();
  const first = await iterator.next();
  const start = first.done === true ? Buffer.alloc(0) : first.value;
  const isZlib = start.length === 0 || ((start[0] ?? 0) & 0x0f) === 8;
  async function* whole(): AsyncGenerator<Buffer> {
    yield start;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  yield* through(whole(), isZlib ? zlib.createInflate() : zlib.createInflateRaw());
}

interface ZstdModule {
  readonly createZstdDecompress: (options: object) => Transform;
  readonly constants: { readonly ZSTD_d_windowLogMax: number };
}

function zstdDecompress({ createZstdDecompress, constants }: ZstdModule): Transform {
  return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 23 } });
}
