/** Texts whose bytes are remembered: statuses and places recur in nearly every row. */
const MAX_REMEMBERED = 10_000;
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TWO_32 = 2 ** 32;
/** PostgreSQL counts from 2000-01-01. */
const POSTGRES_EPOCH_SECONDS = Date.UTC(2000, 0, 1) / 1000;
/** From 0000-03-01 to 2000-01-01. */
const POSTGRES_EPOCH_DAYS = 730_425;

const remembered = new Map<string, Buffer>();

/**
 * Rows in COPY's binary format, written value by value into one growing buffer; the caller keeps to the columns' order and types.
 * Format: https://www.postgresql.org/docs/17/sql-copy.html, section "Binary Format"; integers and timestamps as their types'
 * receive functions read them (int8, int2, timestamptz as microseconds since 2000).
 */
export class CopyRows {
  private buffer: Buffer;
  private length = 0;

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

  /** @param utc an instant as the contract writes it: `YYYY-MM-DDTHH:MM:SS.ffffffZ` */
  instant(utc: string): void {
    const days = daysSincePostgresEpoch(digits(utc, 0, 4), digits(utc, 5, 2), digits(utc, 8, 2));
    const seconds = (digits(utc, 11, 2) * 60 + digits(utc, 14, 2)) * 60 + digits(utc, 17, 2);
    this.micros(days * 86_400 + seconds, digits(utc, 20, 6));
  }

  instantOrNull(utc: string | null): void {
    if (utc !== null) return this.instant(utc);
    this.reserve(4);
    this.int32(-1);
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
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const bytes = Buffer.from(text);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(text, bytes);
  return bytes;
}

const ZERO = 48;

function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) value = value * 10 + text.charCodeAt(i) - ZERO;
  return value;
}

/** Days of the Gregorian calendar, in years that begin in March. Algorithm: https://howardhinnant.github.io/date_algorithms.html#days_from_civil */
function daysSincePostgresEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - POSTGRES_EPOCH_DAYS
  );
}
