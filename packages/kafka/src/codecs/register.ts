import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { decompress as readZstd } from 'fzstd';
import { CompressionCodecs, CompressionTypes, KafkaJSNonRetriableError } from 'kafkajs';
import { readLz4Frame } from './lz4Frame';
import { readSnappy } from './xerialSnappy';

const unzip = promisify(gunzip);

/**
 * Lets every kafkajs client of this process read what other clients compress with gzip, Snappy, LZ4 or zstd. kafkajs itself
 * only has gzip, and one foreign batch would end its consumers for good. Writing stays uncompressed or gzip.
 */
export function registerCodecs(): void {
  CompressionCodecs[CompressionTypes.GZIP] = () => ({
    compress: ownGzip.compress,
    decompress: reader('gzip', unzip),
  });
  CompressionCodecs[CompressionTypes.Snappy] = () => readOnly('Snappy', readSnappy);
  CompressionCodecs[CompressionTypes.LZ4] = () => readOnly('LZ4', readLz4Frame);
  CompressionCodecs[CompressionTypes.ZSTD] = () =>
    readOnly('zstd', (data) => {
      // fzstd means Uint8Array's slice, which copies; Buffer's does not.
      const content = readZstd(new Uint8Array(data.buffer, data.byteOffset, data.length));
      return Buffer.from(content.buffer, content.byteOffset, content.length);
    });
}

interface Codec {
  readonly compress: (encoder: { readonly buffer: Buffer }) => Promise<Buffer>;
  readonly decompress: (data: Buffer) => Promise<Buffer>;
}

type Read = (data: Buffer) => Buffer | Promise<Buffer>;

const ownGzip = (CompressionCodecs[CompressionTypes.GZIP] as () => Codec)();

function readOnly(name: string, read: Read): Codec {
  return {
    compress: () =>
      Promise.reject(
        new KafkaJSNonRetriableError(`${name} is read, not written; send with gzip or without compression`),
      ),
    decompress: reader(name, read),
  };
}

/**
 * A batch that cannot be unpacked stays so, and kafkajs would fetch it again for ever, in silence. An error that it does not
 * retry ends its consumer (CRASH without restart), so that a person hears of it.
 */
function reader(name: string, read: Read): Codec['decompress'] {
  return async (data) => {
    try {
      return await read(data);
    } catch (error) {
      throw new KafkaJSNonRetriableError(
        `a batch compressed with ${name} cannot be unpacked: ${(error as Error).message}; ` +
          'see "A batch that cannot be read" in docs/operations.md',
      );
    }
  };
}
