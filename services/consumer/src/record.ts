import { DEFAULT_MAX_FUTURE_SKEW_MS, EARLIEST_EVENT, HEADER_PROFILE } from '@rastreio/contract';
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
  /** How much of it there is to keep: key, value and headers. */
  readonly bytes: number;
  /** Whether it is a source's payload that its profile could not read: no event, whatever is in it. */
  readonly unread: boolean;
}

const EARLIEST_MS = Date.parse(EARLIEST_EVENT);
const EMPTY = Buffer.alloc(0);
const NO_HEADERS: IHeaders = {};

/**
 * The one way in for what a stranger may have written into a record. Its time is the producer's word (`CreateTime`, Kafka's default):
 * 0, -1, seconds, microseconds or a year of the far future all are legal, and none is when Kafka got it.
 *
 * @param nowMs our own clock
 */
export function receiveRecord(message: KafkaMessage, nowMs: number): ReceivedRecord {
  return new KafkaRecord(message, message.key, message.value, nowMs);
}

/**
 * As {@link receiveRecord}, in memory of their own. What kafkajs gives are parts of a broker's whole answer, with all partitions: a small record
 * that waits would keep all of it.
 */
export function receiveRecords(messages: readonly KafkaMessage[], nowMs: number): ReceivedRecord[] {
  const bytes = messages.reduce((sum, { key, value }) => sum + lengthOf(key) + lengthOf(value), 0);
  const own = Buffer.allocUnsafeSlow(bytes);
  let at = 0;
  const keep = (part: Buffer | null) => {
    if (part === null) return null;
    const from = at;
    at += part.copy(own, from);
    return own.subarray(from, at);
  };
  return messages.map((message) => new KafkaRecord(message, keep(message.key), keep(message.value), nowMs));
}

/** As many of these wait for the database as of events: no more is kept of kafkajs' message, which has as much again, than there is to it. */
class KafkaRecord implements ReceivedRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp: string;
  readonly receivedMs: number;
  readonly untimed: boolean;
  readonly bytes: number;
  readonly unread: boolean;
  private readonly sent: IHeaders | undefined;

  constructor(
    { offset, timestamp, headers }: KafkaMessage,
    key: Buffer | null,
    value: Buffer | null,
    nowMs: number,
  ) {
    const sentMs = Number(timestamp);
    this.offset = offset;
    this.key = key;
    this.value = value;
    this.timestamp = timestamp;
    this.untimed = !isPlausible(sentMs, nowMs);
    this.receivedMs = this.untimed ? nowMs : sentMs;
    this.unread = headers !== undefined && Object.hasOwn(headers, HEADER_PROFILE);
    this.sent = isEmpty(headers) ? undefined : copyOf(headers);
    this.bytes = lengthOf(key) + lengthOf(value) + (this.sent === undefined ? 0 : sizeOf(this.sent));
  }

  get headers(): IHeaders {
    return sendableHeaders(this.sent);
  }
}

function lengthOf(part: Buffer | null): number {
  return part?.length ?? 0;
}

/** With bytes in memory of their own, as {@link receiveRecords} has it. */
function copyOf(headers: IHeaders | undefined): IHeaders {
  const copied = (value: unknown) => (Buffer.isBuffer(value) ? Buffer.from(value) : value);
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, values]) => [
      name,
      (Array.isArray(values) ? values.map(copied) : copied(values)) as IHeaders[string],
    ]),
  );
}

function sizeOf(headers: IHeaders): number {
  return Object.entries(sendableHeaders(headers)).reduce(
    (sum, [name, values]) =>
      sum + name.length + [values ?? []].flat().reduce((n, value) => n + value.length, 0),
    0,
  );
}

function isEmpty(headers: IHeaders | undefined): boolean {
  for (const _name in headers) return false;
  return true;
}

/** From the earliest event that is accepted up to as far ahead of our clock as an event may be. */
function isPlausible(ms: number, nowMs: number): boolean {
  return Number.isSafeInteger(ms) && ms >= EARLIEST_MS && ms <= nowMs + DEFAULT_MAX_FUTURE_SKEW_MS;
}

/**
 * Headers as kafkajs can write them, of headers as it reads them, which are not always what its types say: a header without a
 * value is null (it becomes empty), and beside the value of one named like a member of every object, such as `constructor`, it
 * finds that member.
 */
function sendableHeaders(headers: IHeaders | undefined): IHeaders {
  const entries = Object.entries(headers ?? {});
  if (entries.length === 0) return NO_HEADERS;
  return Object.fromEntries(
    entries.map(([name, values]) => {
      const all: unknown[] = Array.isArray(values) ? values : [values];
      return [name, all.map((value) => value ?? EMPTY).filter(isWritable)];
    }),
  );
}

function isWritable(value: unknown): value is Buffer | string {
  return typeof value === 'string' || Buffer.isBuffer(value);
}
