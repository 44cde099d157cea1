import Decoder from 'kafkajs/src/protocol/decoder';
import decodeMessageSet from 'kafkajs/src/protocol/messageSet/decoder';
import fetchResponse from 'kafkajs/src/protocol/requests/fetch/v11/response';
import type { FetchedRecord } from './fetchedRecord';
import { readBatch } from './records';

/** Where the format's number is, in this format and in older ones. */
const MAGIC_OFFSET = 16;
const MAGIC_OF_BATCHES = 2;

/**
 * Mends how kafkajs reads what is fetched, for every client of this process: each of the first two let one legal record or batch of a
 * stranger stop a consumer for good.
 * - It copies all headers of a record for each of them: 10,000 take a minute, 20,000 four minutes. And it keeps them as objects, thirty
 *   times as large as they came.
 * - It hands all records of a batch to a function as arguments: from some 125,000 on (a megabyte of them, compressed) the stack is full.
 * - It makes a dozen objects of a record's numbers, see {@link readBatch}.
 */
export function mendDecoding(): void {
  // What brokers from 2.3 on are asked with (the oldest that we say we work with is newer).
  fetchResponse.decode = decodeFetch;
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
  const records: FetchedRecord[] = [];
  while (await readBatch(batches, records));
  return records;
}
