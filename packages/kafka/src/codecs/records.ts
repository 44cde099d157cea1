import { KafkaJSNonRetriableError } from 'kafkajs';
import Decoder from 'kafkajs/src/protocol/decoder';
import { lookupCodecByAttributes } from 'kafkajs/src/protocol/message/compression';
import {
  FetchedRecord,
  NONE,
  whole,
  type BatchContext,
  type RecordSource,
  type Whole,
} from './fetchedRecord';

/** Of a batch, what comes before its length and the length itself. */
const LENGTH_END = 12;
/** Of a batch without a record, behind that. */
const BATCH_OVERHEAD = 49;
/** https://kafka.apache.org/documentation/#recordbatch, attributes. */
const LOG_APPEND_TIME = 0x8;
const IN_TRANSACTION = 0x10;
const CONTROL = 0x20;
/** Seven bits a byte: with one more, bitwise operators and sums below 2^53 do not suffice. */
const SHORT_INT_BYTES = 4;
const SHORT_LONG_BYTES = 7;
const MAX_BYTES = 10;

/**
 * Adds the records of the next batch to a list, as kafkajs reads them but for what it makes on the way: of each record's time a big integer
 * for each of its bytes, and a reader of its own: of the 3.3 kB that a message takes of node's memory on its way to the database, 1.6.
 * Format: https://kafka.apache.org/documentation/#recordbatch
 *
 * @returns false where the batch is cut off, as the broker does where the size that was asked for ends; it comes whole with the next fetch
 * @throws KafkaJSNonRetriableError where its records do not end with it, or it cannot be unpacked
 */
export async function readBatch(batches: Decoder, into: FetchedRecord[]): Promise<boolean> {
  if (!batches.canReadBytes(LENGTH_END + BATCH_OVERHEAD)) return false;
  const firstOffset = batches.readInt64();
  const length = batches.readInt32();
  if (length < BATCH_OVERHEAD) throw broken(String(firstOffset));
  if (!batches.canReadBytes(length)) return false;
  const decoder = new Decoder(batches.readBytes(length));
  // The leader's epoch.
  decoder.readInt32();
  const magicByte = decoder.readInt8();
  // The checksum: the broker has looked at it when the batch came. Damage on its disk is found where the format breaks.
  decoder.readInt32();
  const attributes = decoder.readInt16();
  // The last record's offset.
  decoder.readInt32();
  const firstTimestamp = decoder.readInt64();
  const maxTimestamp = decoder.readInt64();
  const producerId = decoder.readInt64();
  // The producer's epoch, the sequence.
  decoder.readInt16();
  decoder.readInt32();
  const count = decoder.readInt32();
  if (count < 0) throw broken(String(firstOffset));
  const isControlBatch = (attributes & CONTROL) !== 0;
  const context: BatchContext = {
    firstOffset: String(firstOffset),
    firstTimestamp: String(firstTimestamp),
    maxTimestamp: String(maxTimestamp),
    producerId: String(producerId),
    inTransaction: (attributes & IN_TRANSACTION) !== 0,
    ...{ isControlBatch, magicByte },
  };
  const codec = lookupCodecByAttributes(attributes);
  const bytes = decoder.buffer.subarray(decoder.offset);
  const unpacked = codec === null || count === 0 ? bytes : await codec.decompress(bytes);
  const reader = new RecordReader(unpacked, context.firstOffset);
  const appended = whole(context.maxTimestamp);
  const timestampOf = (attributes & LOG_APPEND_TIME) !== 0 ? () => appended : adderTo(firstTimestamp);
  const source = { context, bytes: unpacked, offsetOf: adderTo(firstOffset), timestampOf };
  for (let i = 0; i < count; i++) into.push(reader.record(source));
  // Records that the count does not have would be lost.
  if (count > 0 && reader.at !== unpacked.length) throw reader.broken();
  return true;
}

/** Adds to a number of 64 bits, with big integers where doubles do not suffice. */
function adderTo(first: bigint): (delta: number | bigint) => Whole {
  const number = Number(first);
  const isSafe = Number.isSafeInteger(number);
  return (delta) => {
    if (isSafe && typeof delta === 'number' && Number.isSafeInteger(number + delta)) return number + delta;
    return String(BigInt.asIntN(64, first + BigInt(delta)));
  };
}

function broken(firstOffset: string): Error {
  return new KafkaJSNonRetriableError(
    `the batch at offset ${firstOffset} cannot be unpacked: its records do not end where it ends; ` +
      'see "A batch that cannot be read" in docs/operations.md',
  );
}

/** Reads records one after the other. What ends outside the batch is an error. */
class RecordReader {
  at = 0;

  constructor(
    readonly source: Buffer,
    private readonly firstOffset: string,
  ) {}

  record(source: RecordSource): FetchedRecord {
    const { at } = this;
    const end = this.part(this.int());
    const attributes = this.byte();
    const timestampDelta = this.long();
    const offsetDelta = this.int();
    const keyLength = this.length();
    const keyAt = this.at;
    this.at = this.part(Math.max(0, keyLength));
    const valueLength = this.length();
    const valueAt = this.at;
    this.at = this.part(Math.max(0, valueLength));
    const headerCount = Math.max(0, this.int());
    const headersAt = this.at;
    this.passHeaders(headerCount);
    if (this.at > end) throw this.broken();
    // There may be more in it one day.
    this.at = end;
    return new FetchedRecord(
      source,
      attributes,
      timestampDelta,
      offsetDelta,
      at,
      keyAt,
      keyLength,
      valueAt,
      valueLength,
      headersAt,
      headerCount,
      end,
    );
  }

  private passHeaders(count: number): void {
    for (let i = 0; i < count; i++) {
      this.at = this.part(this.int());
      const length = this.int();
      // Of a value, and of nothing else here, this stands for none.
      if (length !== NONE) this.at = this.part(length);
    }
  }

  /** Of a key or a value: below 0 there is none. */
  private length(): number {
    return Math.max(NONE, this.int());
  }

  byte(): number {
    const byte = this.source[this.at++];
    if (byte === undefined) throw this.broken();
    return byte;
  }

  /** A zigzag int of 32 bits. */
  int(): number {
    let result = 0;
    for (let i = 0; i < SHORT_INT_BYTES; i++) {
      const byte = this.byte();
      result |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return (result >>> 1) ^ -(result & 1);
    }
    // The fifth has the highest four bits.
    result |= this.byte() << 28;
    return (result >>> 1) ^ -(result & 1);
  }

  /** A zigzag int of 64 bits, as a number where it is short. */
  long(): number | bigint {
    const from = this.at;
    let result = 0;
    let weight = 1;
    for (let i = 0; i < SHORT_LONG_BYTES; i++) {
      const byte = this.byte();
      result += (byte & 0x7f) * weight;
      weight *= 0x80;
      if (byte < 0x80) return result % 2 === 0 ? result / 2 : -(result + 1) / 2;
    }
    this.at = from;
    return this.bigLong();
  }

  /** Where so many bytes from here on end. */
  part(length: number): number {
    const end = this.at + length;
    if (length < 0 || end > this.source.length) throw this.broken();
    return end;
  }

  broken(): Error {
    return broken(this.firstOffset);
  }

  private bigLong(): bigint {
    let result = 0n;
    for (let i = 0; i < MAX_BYTES; i++) {
      const byte = this.byte();
      result |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return BigInt.asIntN(64, (result >> 1n) ^ -(result & 1n));
    }
    throw this.broken();
  }
}
