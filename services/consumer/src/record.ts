import { DEFAULT_MAX_FUTURE_SKEW_MS, EARLIEST_EVENT, HEADER_PROFILE } from '@rastreio/contract';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import { packHeaders, unpackHeaders } from './keptHeaders';

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
  /** How much of it is kept: key, value, headers and their lengths. */
  readonly bytes: number;
  /** Whether it is a source's payload that its profile could not read: no event, whatever is in it. */
  readonly unread: boolean;
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

/** In place of a length: there is no key, or no value. */
const NONE = -1;

/**
 * Records fetched together, by column. As many of them wait for the database as of events, and what collects garbage copies each object that
 * waits twice, but not what is in columns: so one small object a record is all there is.
 */
class RecordColumns {
  readonly bytes: Buffer;
  /** By record where its key begins; its value begins behind that. */
  readonly starts: Float64Array;
  readonly keyLengths: Int32Array;
  readonly valueLengths: Int32Array;
  readonly offsets: Whole[];
  readonly timestamps: Whole[];
  readonly nowMs: number;
  /** Of the records that have any. */
  readonly headers = new Map<number, Buffer>();
  /** Of records that hold a payload which its profile could not read. */
  readonly unread = new Set<number>();

  constructor(messages: readonly KafkaMessage[], nowMs: number) {
    const { length } = messages;
    this.nowMs = nowMs;
    this.starts = new Float64Array(length);
    this.keyLengths = new Int32Array(length).fill(NONE);
    this.valueLengths = new Int32Array(length).fill(NONE);
    this.offsets = new Array<Whole>(length);
    this.timestamps = new Array<Whole>(length);
    this.bytes = Buffer.allocUnsafeSlow(
      messages.reduce((sum, { key, value }) => sum + lengthOf(key) + lengthOf(value), 0),
    );
    let at = 0;
    for (let i = 0; i < length; i++) {
      const { key, value, offset, timestamp, headers } = messages[i] as KafkaMessage;
      this.starts[i] = at;
      if (key !== null) at += this.keyLengths[i] = key.copy(this.bytes, at);
      if (value !== null) at += this.valueLengths[i] = value.copy(this.bytes, at);
      this.offsets[i] = compact(offset);
      this.timestamps[i] = compact(timestamp);
      const packed = packHeaders(headers);
      if (packed === undefined) continue;
      this.headers.set(i, packed);
      if (Object.hasOwn(headers ?? {}, HEADER_PROFILE)) this.unread.add(i);
    }
  }

  part(from: number, length: number): Buffer | null {
    return length === NONE ? null : this.bytes.subarray(from, from + length);
  }
}

/** A whole number of 64 bits as kafkajs gives it, or as a number where that says the same. */
type Whole = number | string;

function compact(text: string): Whole {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
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
    return columns.part(columns.starts[index] ?? 0, columns.keyLengths[index] ?? NONE);
  }

  get value(): Buffer | null {
    const { columns, index } = this;
    const keyLength = Math.max(0, columns.keyLengths[index] ?? 0);
    return columns.part((columns.starts[index] ?? 0) + keyLength, columns.valueLengths[index] ?? NONE);
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
    const { columns, index } = this;
    return (
      Math.max(0, columns.keyLengths[index] ?? 0) +
      Math.max(0, columns.valueLengths[index] ?? 0) +
      lengthOf(columns.headers.get(index) ?? null)
    );
  }

  get unread(): boolean {
    return this.columns.unread.has(this.index);
  }

  get headers(): IHeaders {
    const packed = this.columns.headers.get(this.index);
    return packed === undefined ? NO_HEADERS : unpackHeaders(packed);
  }
}

function lengthOf(part: Buffer | null): number {
  return part?.length ?? 0;
}

/** From the earliest event that is accepted up to as far ahead of our clock as an event may be, milliseconds. */
function isPlausible(sent: Whole | undefined, nowMs: number): sent is number {
  return typeof sent === 'number' && sent >= EARLIEST_MS && sent <= nowMs + DEFAULT_MAX_FUTURE_SKEW_MS;
}
