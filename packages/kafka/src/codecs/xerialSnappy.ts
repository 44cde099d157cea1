import { uncompress } from 'snappyjs';

/** snappy-java's framing, which Kafka's Java client writes; librdkafka and Go's clients read and write raw blocks as well. */
const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
/** Magic, version, lowest compatible version. */
const HEADER_BYTES = MAGIC.length + 4 + 4;

/**
 * The content of Snappy data: one raw block, or blocks in xerial's framing.
 *
 * @throws Error when the bytes are no Snappy data or are cut off
 */
export function readSnappy(data: Buffer): Buffer {
  if (!data.subarray(0, MAGIC.length).equals(MAGIC)) return uncompress(data);
  const blocks: Buffer[] = [];
  for (let at = HEADER_BYTES; at < data.length;) {
    const length = data.readUInt32BE(at);
    at += 4;
    if (at + length > data.length) throw new Error('Snappy data that is cut off');
    blocks.push(uncompress(data.subarray(at, at + length)));
    at += length;
  }
  return Buffer.concat(blocks);
}
