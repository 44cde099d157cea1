import type { KafkaMessage } from 'kafkajs';
import { HeaderBytes, type Headers } from './headers';

/** What kafkajs asks of a record's batch. */
export interface BatchContext {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly maxTimestamp: string;
  readonly producerId: string;
  readonly inTransaction: boolean;
  readonly isControlBatch: boolean;
  readonly magicByte: number;
}

/** A whole number of 64 bits, as text where a double cannot hold it. */
export type Whole = number | string;

/** What the records of a batch share. */
export interface RecordSource {
  readonly context: BatchContext;
  /** Their bytes, unpacked. */
  readonly bytes: Buffer;
  readonly offsetOf: (delta: number) => Whole;
  readonly timestampOf: (delta: number | bigint) => Whole;
}

/** In place of a length: there is no key, or no value. */
export const NONE = -1;
const NO_HEADERS: Headers = Object.freeze({});

/** A record as bytes, and where in them its parts are. */
export interface RecordBytes {
  /** Of many records, mostly. */
  readonly bytes: Buffer;
  /** Where it begins. */
  readonly at: number;
  readonly keyAt: number;
  /** {@link NONE}: there is no key. */
  readonly keyLength: number;
  readonly valueAt: number;
  /** {@link NONE}: there is no value. */
  readonly valueLength: number;
  /** See {@link HeaderBytes}. */
  readonly headersAt: number;
  readonly headerCount: number;
  /** Where it ends, behind its headers. */
  readonly end: number;
  readonly wholeOffset: Whole;
  readonly wholeTimestamp: Whole;
}

/** A record as kafkajs gives it, made of the bytes that came: each part when it is asked for. */
export class FetchedRecord implements RecordBytes {
  // One by one: as a list of places, each record would be two objects.
  constructor(
    private readonly source: RecordSource,
    readonly attributes: number,
    private readonly timestampDelta: number | bigint,
    private readonly offsetDelta: number,
    readonly at: number,
    readonly keyAt: number,
    readonly keyLength: number,
    readonly valueAt: number,
    readonly valueLength: number,
    readonly headersAt: number,
    readonly headerCount: number,
    readonly end: number,
  ) {}

  get bytes(): Buffer {
    return this.source.bytes;
  }

  get offset(): string {
    return String(this.wholeOffset);
  }

  get wholeOffset(): Whole {
    return this.source.offsetOf(this.offsetDelta);
  }

  get timestamp(): string {
    return String(this.wholeTimestamp);
  }

  get wholeTimestamp(): Whole {
    return this.source.timestampOf(this.timestampDelta);
  }

  get key(): Buffer | null {
    return this.part(this.keyAt, this.keyLength);
  }

  get value(): Buffer | null {
    return this.part(this.valueAt, this.valueLength);
  }

  /** Read anew each time that they are asked for. */
  get headers(): Headers {
    const { headerCount, headersAt, end } = this;
    if (headerCount === 0) return NO_HEADERS;
    return new HeaderBytes(this.bytes.subarray(headersAt, end), headerCount).read();
  }

  get isControlRecord(): boolean {
    return this.source.context.isControlBatch;
  }

  get magicByte(): number {
    return this.source.context.magicByte;
  }

  get batchContext(): BatchContext {
    return this.source.context;
  }

  private part(from: number, length: number): Buffer | null {
    return length === NONE ? null : this.bytes.subarray(from, from + length);
  }
}

/** The bytes of a message that kafkajs gave: those that came, or where it read it by itself (of brokers before 2.3), packed again. */
export function recordBytes(message: KafkaMessage): RecordBytes {
  if (message instanceof FetchedRecord) return message;
  const { key, value, headers, offset, timestamp } = message;
  const packed = HeaderBytes.pack(headers);
  const bytes = Buffer.concat([key ?? '', value ?? '', packed.bytes].map((part) => Buffer.from(part)));
  const [keyLength, valueLength] = [key?.length ?? NONE, value?.length ?? NONE];
  const valueAt = Math.max(0, keyLength);
  return {
    ...{ bytes, at: 0, keyAt: 0, keyLength, valueAt, valueLength },
    ...{ headersAt: valueAt + Math.max(0, valueLength), headerCount: packed.count, end: bytes.length },
    ...{ wholeOffset: whole(offset), wholeTimestamp: whole(timestamp) },
  };
}

/** A whole number of 64 bits as kafkajs gives it. */
export function whole(text: string): Whole {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}
