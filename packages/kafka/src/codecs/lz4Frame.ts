import { decompressBlock } from 'lz4js';

const MAGIC = 0x184d2204;
const VERSION = 0b01;
const FLAGS = { blockChecksum: 0x10, contentSize: 0x08, dictionary: 0x01 };
/** Largest block by the three bits of the descriptor. */
const BLOCK_BYTES = new Map([
  [4, 64 * 1024],
  [5, 256 * 1024],
  [6, 1024 * 1024],
  [7, 4 * 1024 * 1024],
]);
const UNCOMPRESSED_BLOCK = 0x8000_0000;
const CHECKSUM_BYTES = 4;

/**
 * The content of an LZ4 frame (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md), as Kafka's clients write it. Read
 * here and not by lz4js, whose own frame reader looks for block checksums on the wrong side of the block and checks no bounds.
 * Checksums are passed over: Kafka has one for the whole batch.
 *
 * @throws Error when the bytes are no LZ4 frame, are cut off or are compressed with a dictionary
 */
export function readLz4Frame(frame: Buffer): Buffer {
  if (frame.readUInt32LE(0) !== MAGIC) throw new Error('no LZ4 frame: the magic number is wrong');
  const flags = frame.readUInt8(4);
  if (flags >> 6 !== VERSION) throw new Error(`LZ4 frame of version ${flags >> 6}, expected 1`);
  if (flags & FLAGS.dictionary) throw new Error('LZ4 frame compressed with a dictionary');
  const sizeCode = (frame.readUInt8(5) >> 4) & 0b111;
  const blockBytes = BLOCK_BYTES.get(sizeCode);
  if (blockBytes === undefined)
    throw new Error(`LZ4 frame with block size code ${sizeCode}, expected 4 to 7`);

  let at = 7 + (flags & FLAGS.contentSize ? 8 : 0);
  // Blocks may refer to those before them, so the content is one piece of memory.
  let content = Buffer.alloc(Math.max(blockBytes, 4 * frame.length));
  let end = 0;
  for (;;) {
    const header = frame.readUInt32LE(at);
    at += 4;
    if (header === 0) return content.subarray(0, end);
    const length = header & ~UNCOMPRESSED_BLOCK;
    if (at + length > frame.length || length > blockBytes) throw new Error('LZ4 frame that is cut off');
    if (content.length < end + blockBytes) {
      content = Buffer.concat([content], 2 * content.length + blockBytes);
    }
    if (header & UNCOMPRESSED_BLOCK) end += frame.copy(content, end, at, at + length);
    else end = decompressBlock(frame, content, at, length, end);
    if (!(end <= content.length)) throw new Error('LZ4 block larger than its frame allows');
    at += length + (flags & FLAGS.blockChecksum ? CHECKSUM_BYTES : 0);
  }
}
