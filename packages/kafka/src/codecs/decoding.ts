import Decoder from 'kafkajs/src/protocol/decoder';
import decodeMessageSet from 'kafkajs/src/protocol/messageSet/decoder';
import decodeRecordBatch from 'kafkajs/src/protocol/recordBatch/v0/decoder';
import fetchResponse from 'kafkajs/src/protocol/requests/fetch/v11/response';

/** What a header list of a record is read as: name and value of each, in order. */
interface Header {
  readonly key: string;
  readonly value: Buffer | null;
}
type Headers = Record<string, Header['value'] | (Header['value'] | undefined)[]>;

/** Where the format's number is, in this format and in older ones. */
const MAGIC_OFFSET = 16;
const MAGIC_OF_BATCHES = 2;
/** Of a batch without a record. */
const BATCH_OVERHEAD = 49;
const PARTIAL = 'KafkaJSPartialMessageError';

/**
 * Mends how kafkajs reads records, for every client of this process: each of these let one legal record or batch of a stranger
 * stop a consumer for good.
 * - It copies all headers of a record for each of them: 10,000 take a minute, 20,000 four minutes. And it keeps them as objects, thirty
 *   times as large as they came.
 * - It hands all records of a batch to a function as arguments: from some 125,000 on (a megabyte of them, compressed) the stack is full.
 */
export function mendDecoding(): void {
  Decoder.prototype.readVarIntArray = passHeaders;
  // What brokers from 2.3 on are asked with (the oldest that we say we work with is newer).
  fetchResponse.decode = decodeFetch;
}

/**
 * The headers of a record as they came. A header of six bytes takes two hundred as an object, and hardly anybody looks at one: they are
 * read when they are asked for, or a few records full of them would be all the memory that there is.
 */
class HeaderBytes {
  constructor(
    private readonly bytes: Buffer,
    private readonly count: number,
  ) {}

  read(): Headers {
    const decoder = new Decoder(this.bytes);
    const headers = Array.from({ length: this.count }, () => ({
      key: decoder.readVarIntString() ?? '',
      value: decoder.readVarIntBytes(),
    }));
    return collectHeaders(headers);
  }
}

/** Nothing but headers is read by it, and all that is done with the result is one `reduce`, which is ours. */
function passHeaders<T>(this: Decoder): T[] {
  const count = this.readVarInt();
  if (count <= 0) return [];
  const start = this.offset;
  for (let i = 0; i < 2 * count; i++) {
    // -1 stands for none.
    const length = Math.max(0, this.readVarInt());
    this.offset += length;
  }
  if (this.offset > this.buffer.length)
    throw new RangeError(`headers of a record end ${this.offset - this.buffer.length} bytes after it`);
  const headers = new HeaderBytes(this.buffer.subarray(start, this.offset), count);
  return { reduce: () => headers } as unknown as T[];
}

/** Gives the record what it is declared to have, read anew each time. */
function showHeaders(record: { headers?: unknown }): object {
  const { headers } = record;
  return headers instanceof HeaderBytes
    ? Object.defineProperty(record, 'headers', { get: () => headers.read(), enumerable: true })
    : record;
}

/** As kafkajs gives them: the value of a name, or a list of values where it comes more than once. */
function collectHeaders(headers: readonly Header[]): Headers {
  const collected = new Map<string, Headers[string]>();
  for (const { key, value } of headers) {
    const known = collected.get(key);
    if (known === undefined) collected.set(key, value);
    else if (Array.isArray(known)) known.push(value);
    else collected.set(key, [known, value]);
  }
  return Object.fromEntries(collected);
}

async function decodeFetch(rawData: Buffer): Promise<object> {
  const decoder = new Decoder(rawData);
  const clientSideThrottleTime = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const sessionId = decoder.readInt32();
  const responses = await decoder.readArrayAsync(async (topic) => ({
    topicName: topic.readString(),
    partitions: await topic.readArrayAsync(decodePartition),
  }));
  // The broker has not waited: it wants the client to.
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

/** https://kafka.apache.org/protocol.html#The_Messages_Fetch, version 11. */
async function decodePartition(decoder: Decoder): Promise<object> {
  const [partition, errorCode] = [decoder.readInt32(), decoder.readInt16()];
  const [highWatermark, lastStableOffset, lastStartOffset] = [
    String(decoder.readInt64()),
    String(decoder.readInt64()),
    String(decoder.readInt64()),
  ];
  const abortedTransactions = decoder.readArray((transaction) => ({
    producerId: String(transaction.readInt64()),
    firstOffset: String(transaction.readInt64()),
  }));
  const preferredReadReplica = decoder.readInt32();
  const messages = await decodeRecords(decoder);
  return {
    ...{ partition, errorCode, highWatermark, lastStableOffset, lastStartOffset },
    ...{ abortedTransactions, preferredReadReplica, messages },
  };
}

async function decodeRecords(decoder: Decoder): Promise<readonly object[]> {
  const size = decoder.readInt32();
  if (size <= MAGIC_OFFSET || !decoder.canReadBytes(size)) return [];
  const bytes = decoder.readBytes(size);
  const batches = new Decoder(bytes);
  if (bytes.readInt8(MAGIC_OFFSET) !== MAGIC_OF_BATCHES) return decodeMessageSet(batches, size);
  const records: object[] = [];
  while (batches.canReadBytes(BATCH_OVERHEAD)) {
    try {
      for (const record of (await decodeRecordBatch(batches)).records) records.push(showHeaders(record));
    } catch (error) {
      // The broker cuts the last one where the size that was asked for ends; it comes whole with the next fetch.
      if ((error as Error).name === PARTIAL) break;
      throw error;
    }
  }
  return records;
}
