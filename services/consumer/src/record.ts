import {
  DEFAULT_MAX_FUTURE_SKEW_MS,
  EARLIEST_EVENT,
  HEADER_PROFILE,
  type Decoder,
  type Validated,
} from '@rastreio/contract';
import { HeaderBytes, NONE, recordBytes, type RecordBytes, type Whole } from '@rastreio/kafka';
import type { IHeaders, KafkaMessage } from 'kafkajs';

/** A Kafka record of which every part can go anywhere: into a column, a metric, a log line, another topic. */
export interface ReceivedRecord {
  /** Kafka's offset, a whole number from 0 to 2^63 - 1. */
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** By name in the order of arrival; a header without a value has an empty one. Read anew each time that they are asked for. */
  readonly headers: IHeaders;
  /** The record's own time as its producer or the broker wrote it, whole milliseconds: for telling two records apart, nothing else. */
  readonly timestamp: string;
  /** When Kafka got it, or where the record's own time cannot be true, when we did: whole milliseconds since the epoch. */
  readonly receivedMs: number;
  /** Whether that is our own clock. */
  readonly untimed: boolean;
  /** How much of it is kept: all that came. */
  readonly bytes: number;
  /** Whether it is a source's payload that its profile could not read: no event, whatever is in it. */
  readonly unread: boolean;
  /** What a decoder makes of its value, which is decoded where it lies. */
  readonly decodedBy: (decode: Decoder) => Validated;
}

const EARLIEST_MS = Date.parse(EARLIEST_EVENT);
const NO_HEADERS: IHeaders = Object.freeze({});

/**
 * The one way in for what a stranger may have written into records. Their time is the producer's word (`CreateTime`, Kafka's default):
 * 0, -1, seconds, microseconds or a year of the far future all are legal, and none is when Kafka got it.
 *
 * What they are made of is in memory of their own: what kafkajs gives are parts of a broker's whole answer, with all partitions, and a small
 * record that waits would keep all of it.
 *
 * @param nowMs our own clock
 */
export function receiveRecords(messages: readonly KafkaMessage[], nowMs: number): ReceivedRecord[] {
  const columns = new RecordColumns(messages, nowMs);
  return messages.map((_message, i) => new KafkaRecord(columns, i));
}

/** As {@link receiveRecords}, of one. */
export function receiveRecord(message: KafkaMessage, nowMs: number): ReceivedRecord {
  return new KafkaRecord(new RecordColumns([message], nowMs), 0);
}

/**
 * Records fetched together, by column. As many of them wait for the database as of events, and what collects garbage copies each object that
 * waits twice, but not what is in columns: so one small object a record is all there is.
 */
class RecordColumns {
  readonly bytes: Buffer;
  /** By record where its key begins. */
  readonly keys: Uint32Array;
  readonly keyLengths: Int32Array;
  /** By record where its value begins. */
  readonly values: Uint32Array;
  readonly valueLengths: Int32Array;
  /** By record how many bytes it has in all. */
  readonly sizes: Int32Array;
  readonly offsets: Whole[];
  readonly timestamps: Whole[];
  readonly nowMs: number;
  /** Of the records that have any. */
  readonly headers = new Map<number, HeaderBytes>();
  /** Of records that hold a payload which its profile could not read. */
  readonly unread = new Set<number>();

  constructor(messages: readonly KafkaMessage[], nowMs: number) {
    const { length } = messages;
    const records = messages.map(recordBytes);
    this.nowMs = nowMs;
    this.keys = new Uint32Array(length);
    this.keyLengths = new Int32Array(length);
    this.values = new Uint32Array(length);
    this.valueLengths = new Int32Array(length);
    this.sizes = new Int32Array(length);
    this.offsets = new Array<Whole>(length);
    this.timestamps = new Array<Whole>(length);
    this.bytes = copyBytes(records);
    let start = 0;
    for (let i = 0; i < length; i++) {
      const record = records[i] as RecordBytes;
      const moved = start - record.at;
      this.keys[i] = record.keyAt + moved;
      this.keyLengths[i] = record.keyLength;
      this.values[i] = record.valueAt + moved;
      this.valueLengths[i] = record.valueLength;
      const size = record.end - record.at;
      this.sizes[i] = size;
      this.offsets[i] = record.wholeOffset;
      this.timestamps[i] = record.wholeTimestamp;
      start += size;
      if (record.headerCount === 0) continue;
      const headers = new HeaderBytes(
        this.bytes.subarray(record.headersAt + moved, start),
        record.headerCount,
      );
      this.headers.set(i, headers);
      if (headers.has(HEADER_PROFILE)) this.unread.add(i);
    }
  }

  part(from: number | undefined, length: number | undefined): Buffer | null {
    if (from === undefined || length === undefined || length === NONE) return null;
    return this.bytes.subarray(from, from + length);
  }
}

/** The bytes of records one after the other, in memory of their own. Records that lie side by side, as those of a batch do, are copied as one. */
function copyBytes(records: readonly RecordBytes[]): Buffer {
  const copy = Buffer.allocUnsafeSlow(records.reduce((sum, { at, end }) => sum + end - at, 0));
  let length = 0;
  for (let i = 0; i < records.length;) {
    const { bytes, at, end: firstEnd } = records[i++] as RecordBytes;
    let end = firstEnd;
    for (; i < records.length; i++) {
      const next = records[i] as RecordBytes;
      if (next.bytes !== bytes || next.at !== end) break;
      end = next.end;
    }
    length += bytes.copy(copy, length, at, end);
  }
  return copy;
}

/** One of them: each part is made when it is asked for. */
class KafkaRecord implements ReceivedRecord {
  constructor(
    private readonly columns: RecordColumns,
    private readonly index: number,
  ) {}

  get offset(): string {
    return String(this.columns.offsets[this.index]);
  }

  get key(): Buffer | null {
    const { columns, index } = this;
    return columns.part(columns.keys[index], columns.keyLengths[index]);
  }

  get value(): Buffer | null {
    const { columns, index } = this;
    return columns.part(columns.values[index], columns.valueLengths[index]);
  }

  decodedBy(decode: Decoder): Validated {
    const { columns, index } = this;
    const from = columns.values[index] ?? 0;
    const length = columns.valueLengths[index] ?? NONE;
    return length === NONE ? decode(null) : decode(columns.bytes, from, from + length);
  }

  get timestamp(): string {
    return String(this.columns.timestamps[this.index]);
  }

  get receivedMs(): number {
    const { timestamps, nowMs } = this.columns;
    const sent = timestamps[this.index];
    return isPlausible(sent, nowMs) ? sent : nowMs;
  }

  get untimed(): boolean {
    const { timestamps, nowMs } = this.columns;
    return !isPlausible(timestamps[this.index], nowMs);
  }

  get bytes(): number {
    return this.columns.sizes[this.index] ?? 0;
  }

  get unread(): boolean {
    return this.columns.unread.has(this.index);
  }

  get headers(): IHeaders {
    return this.columns.headers.get(this.index)?.lists() ?? NO_HEADERS;
  }
}

/** From the earliest event that is accepted up to as far ahead of our clock as an event may be, milliseconds. */
function isPlausible(sent: Whole | undefined, nowMs: number): sent is number {
  return typeof sent === 'number' && sent >= EARLIEST_MS && sent <= nowMs + DEFAULT_MAX_FUTURE_SKEW_MS;
}
