import { finished } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { epochSeconds, secondMicros } from './instant';

/** Texts whose bytes are remembered, by column or member: statuses, places and carriers' words recur in nearly every row. */
const MAX_REMEMBERED = 10_000;
/** A longer text recurs seldom. */
const MAX_REMEMBERED_LENGTH = 128;
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TWO_32 = 2 ** 32;
/** PostgreSQL counts from 2000-01-01. */
const POSTGRES_EPOCH_SECONDS = Date.UTC(2000, 0, 1) / 1000;

const OPEN = 0x7b;
const CLOSE = 0x7d;
const COMMA = 0x2c;

const remembered = new Map<string, Buffer>();
/** Members of JSON objects, by name. */
const rememberedMembers = new Map<string, Map<string, Buffer>>();

/**
 * Rows in COPY's binary format, written value by value into one growing buffer; the caller keeps to the columns' order and types.
 * Format: https://www.postgresql.org/docs/17/sql-copy.html, section "Binary Format"; integers and timestamps as their types'
 * receive functions read them (int8, int2, timestamptz as microseconds since 2000).
 */
export class CopyRows {
  private buffer: Buffer;
  private length = 0;
  /** Where the value of the jsonb object begins that is being written. */
  private objectFrom = 0;

  /** @param bytes about how many will be written */
  constructor(
    private readonly columns: number,
    bytes: number,
  ) {
    this.buffer = Buffer.allocUnsafe(Math.max(bytes, 1024));
    this.reserve(SIGNATURE.length);
    SIGNATURE.copy(this.buffer);
    this.length = SIGNATURE.length;
  }

  /** Begins the next row. */
  row(): void {
    this.reserve(2);
    this.int16(this.columns);
  }

  /** @param value a safe integer */
  bigint(value: number): void {
    this.reserve(12);
    this.int32(8);
    const high = Math.floor(value / TWO_32);
    this.int32(high);
    this.int32(value - high * TWO_32);
  }

  smallint(value: number): void {
    this.reserve(6);
    this.int32(2);
    this.int16(value);
  }

  text(value: string): void {
    const bytes = encode(value);
    const { length } = bytes;
    this.reserve(4 + length);
    this.int32(length);
    this.buffer.set(bytes, this.length);
    this.length += length;
  }

  /** @param utc an instant as the contract writes it: `YYYY-MM-DDTHH:MM:SS.ffffffZ`, or `infinity` */
  instant(utc: string): void {
    if (utc === 'infinity') return this.infinity();
    this.micros(epochSeconds(utc) - POSTGRES_EPOCH_SECONDS, secondMicros(utc));
  }

  instantOrNull(utc: string | null): void {
    if (utc === null) this.null();
    else this.instant(utc);
  }

  textOrNull(value: string | null): void {
    if (value === null) this.null();
    else this.text(value);
  }

  smallintOrNull(value: number | null): void {
    if (value === null) this.null();
    else this.smallint(value);
  }

  /** @param ms whole milliseconds since the (Unix) epoch */
  epochMs(ms: number): void {
    const seconds = Math.floor(ms / 1000);
    this.micros(seconds - POSTGRES_EPOCH_SECONDS, (ms - seconds * 1000) * 1000);
  }

  /** Ends the data and gives them; nothing may be written after. */
  end(): Buffer {
    this.reserve(2);
    this.int16(-1);
    return this.buffer.subarray(0, this.length);
  }

  /** Begins a jsonb object, whose members come next. */
  jsonObject(): void {
    this.reserve(6);
    this.length += 4;
    this.objectFrom = this.length;
    // The version of the format, the only one there is (jsonb_recv).
    this.buffer[this.length++] = 1;
    this.buffer[this.length++] = OPEN;
  }

  /** A member of the object with a text, nothing where there is none. */
  member(name: string, text: string | undefined): void {
    if (text === undefined) return;
    const bytes = encodeMember(name, text);
    const { length } = bytes;
    this.reserve(1 + length);
    if (this.length > this.objectFrom + 2) this.buffer[this.length++] = COMMA;
    this.buffer.set(bytes, this.length);
    this.length += length;
  }

  endObject(): void {
    this.reserve(1);
    this.buffer[this.length++] = CLOSE;
    const end = this.length;
    this.length = this.objectFrom - 4;
    this.int32(end - this.objectFrom);
    this.length = end;
  }

  /** The greatest int8, which is what timestamptz takes for infinity. */
  private infinity(): void {
    this.reserve(12);
    this.int32(8);
    this.length = this.buffer.writeBigInt64BE(0x7fff_ffff_ffff_ffffn, this.length);
  }

  null(): void {
    this.reserve(4);
    this.int32(-1);
  }

  private micros(seconds: number, micros: number): void {
    const total = seconds * 1_000_000 + micros;
    if (Number.isSafeInteger(total)) return this.bigint(total);
    // From the year 2285 on, microseconds outgrow a double.
    this.reserve(12);
    this.int32(8);
    this.length = this.buffer.writeBigInt64BE(BigInt(seconds) * 1_000_000n + BigInt(micros), this.length);
  }

  // By hand: these are called several times a row, and Buffer's own methods check their arguments each time.
  private int16(value: number): void {
    const { buffer, length } = this;
    buffer[length] = value >> 8;
    buffer[length + 1] = value;
    this.length = length + 2;
  }

  private int32(value: number): void {
    const { buffer, length } = this;
    buffer[length] = value >>> 24;
    buffer[length + 1] = value >>> 16;
    buffer[length + 2] = value >>> 8;
    buffer[length + 3] = value;
    this.length = length + 4;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}

function encode(text: string): Buffer {
  return remembered.get(text) ?? remember(remembered, text, text);
}

/** `"name":"text"`, as JSON has it. */
function encodeMember(name: string, text: string): Buffer {
  let ofName = rememberedMembers.get(name);
  if (ofName === undefined) rememberedMembers.set(name, (ofName = new Map<string, Buffer>()));
  return ofName.get(text) ?? remember(ofName, text, `${JSON.stringify(name)}:${JSON.stringify(text)}`);
}

function remember(known: Map<string, Buffer>, text: string, written: string): Buffer {
  const bytes = Buffer.from(written);
  if (text.length > MAX_REMEMBERED_LENGTH) return bytes;
  if (known.size >= MAX_REMEMBERED) known.clear();
  // In memory of its own: a part of the pool in which node makes short ones would keep all of it.
  const kept = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(kept);
  known.set(text, kept);
  return kept;
}

/** Sends rows of {@link CopyRows.end} to a table: `target` is its name and column list. */
export async function copyRows(client: ClientBase, target: string, rows: Buffer): Promise<void> {
  const stream = client.query(copyFrom(`COPY ${target} FROM STDIN (FORMAT binary)`));
  stream.end(rows);
  await finished(stream);
}
