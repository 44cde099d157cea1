/** A record to pack. */
export interface PackedRecord {
  /** Milliseconds after the batch's first time. */
  readonly timestampDelta: bigint;
  readonly offsetDelta: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
}

export interface PackedBatch {
  readonly firstOffset: bigint;
  readonly firstTimestamp: bigint;
  readonly maxTimestamp: bigint;
  readonly producerId: bigint;
  readonly attributes: number;
  readonly records: readonly PackedRecord[];
}

/** Of a batch, before its records. */
const HEAD_BYTES = 61;

/**
 * Packs a batch as a broker sends it, without a checksum, which no reader of ours looks at: https://kafka.apache.org/documentation/#recordbatch
 *
 * @param compress what the attributes say that the records are compressed with
 */
export function packBatch(
  batch: PackedBatch,
  compress: (records: Buffer) => Buffer = (same) => same,
): Buffer {
  const records = Buffer.concat(batch.records.map(packRecord));
  const packed = Buffer.concat([Buffer.alloc(HEAD_BYTES), compress(records)]);
  packed.writeBigInt64BE(batch.firstOffset, 0);
  packed.writeInt32BE(packed.length - 12, 8);
  packed.writeInt8(2, 16);
  packed.writeInt16BE(batch.attributes, 21);
  packed.writeInt32BE(batch.records.length - 1, 23);
  packed.writeBigInt64BE(batch.firstTimestamp, 27);
  packed.writeBigInt64BE(batch.maxTimestamp, 35);
  packed.writeBigInt64BE(batch.producerId, 43);
  packed.writeInt32BE(batch.records.length, 57);
  return packed;
}

/** A whole answer to a fetch (version 11) with batches of one partition. */
export function packAnswer(...batches: readonly Buffer[]): Buffer {
  const size = batches.reduce((sum, { length }) => sum + length, 0);
  const topic = [int32(0), Buffer.alloc(2), int32(0), int32(1), Buffer.from([0, 1, 0x74]), int32(1)];
  const partition = [int32(0), Buffer.alloc(2), Buffer.alloc(24), int32(0), int32(-1), int32(size)];
  return Buffer.concat([...topic, ...partition, ...batches]);
}

function packRecord({ timestampDelta, offsetDelta, key, value, headers }: PackedRecord): Buffer {
  const body = Buffer.concat([
    ...[Buffer.from([0]), varInt(timestampDelta), varInt(offsetDelta), sized(key), sized(value)],
    ...[
      varInt(headers.length),
      ...headers.flatMap(([name, content]) => [sized(Buffer.from(name)), sized(content)]),
    ],
  ]);
  return Buffer.concat([varInt(body.length), body]);
}

function sized(content: Buffer | null): Buffer {
  return content === null ? varInt(-1) : Buffer.concat([varInt(content.length), content]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** Zigzag, seven bits a byte. */
function varInt(value: number | bigint): Buffer {
  const bytes: number[] = [];
  const number = BigInt(value);
  for (let left = BigInt.asUintN(64, (number << 1n) ^ (number >> 63n)); ; left >>= 7n) {
    if (left < 0x80n) return Buffer.from([...bytes, Number(left)]);
    bytes.push(Number(left & 0x7fn) | 0x80);
  }
}
