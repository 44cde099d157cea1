/** Texts whose bytes are remembered: statuses and places recur in nearly every row. */
const MAX_REMEMBERED = 10_000;
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TWO_32 = 2 ** 32;
/** PostgreSQL counts microseconds from 2000-01-01. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

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
    this.length = this.buffer.writeInt16BE(this.columns, this.length);
  }

  /** @param value a safe integer */
  bigint(value: number): void {
    this.reserve(12);
    const high = Math.floor(value / TWO_32);
    let at = this.buffer.writeInt32BE(8, this.length);
    at = this.buffer.writeInt32BE(high, at);
    this.length = this.buffer.writeUInt32BE(value - high * TWO_32, at);
  }

  smallint(value: number): void {
    this.reserve(6);
    const at = this.buffer.writeInt32BE(2, this.length);
    this.length = this.buffer.writeInt16BE(value, at);
  }

  text(value: string): void {
    const bytes = encode(value);
    this.reserve(4 + bytes.length);
    const at = this.buffer.writeInt32BE(bytes.length, this.length);
    this.length = at + bytes.copy(this.buffer, at);
  }

  /** @param utc an instant as the contract writes it: `YYYY-MM-DDTHH:MM:SS.ffffffZ` */
  instant(utc: string): void {
    const ms = Date.UTC(
      digits(utc, 0, 4),
      digits(utc, 5, 2) - 1,
      digits(utc, 8, 2),
      digits(utc, 11, 2),
      digits(utc, 14, 2),
      digits(utc, 17, 2),
    );
    this.micros(ms, digits(utc, 20, 6));
  }

  instantOrNull(utc: string | null): void {
    if (utc !== null) return this.instant(utc);
    this.reserve(4);
    this.length = this.buffer.writeInt32BE(-1, this.length);
  }

  /** @param ms whole milliseconds since the (Unix) epoch */
  epochMs(ms: number): void {
    this.micros(ms, 0);
  }

  /** Ends the data and gives them; nothing may be written after. */
  end(): Buffer {
    this.reserve(2);
    this.length = this.buffer.writeInt16BE(-1, this.length);
    return this.buffer.subarray(0, this.length);
  }

  private micros(ms: number, micros: number): void {
    const total = (ms - POSTGRES_EPOCH_MS) * 1000 + micros;
    if (Number.isSafeInteger(total)) return this.bigint(total);
    // From the year 2285 on, microseconds outgrow a double.
    this.reserve(12);
    const exact = BigInt(ms - POSTGRES_EPOCH_MS) * 1000n + BigInt(micros);
    const at = this.buffer.writeInt32BE(8, this.length);
    this.length = this.buffer.writeBigInt64BE(exact, at);
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
