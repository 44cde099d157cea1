import { isUtf8 } from 'node:buffer';
import { PLAIN_FIELDS, type TrackingEvent } from './event';

/** An event as it was sent, before any check: what `JSON.parse` makes of its bytes. */
type SentEvent = { readonly [Field in (typeof FIELDS)[number]]?: string | number | undefined };

/** Corrections are rare, so they go the other way. */
const FIELDS = [
  ...PLAIN_FIELDS,
  'codigo',
  'transportadora',
  'servico',
  'local',
  'codigo_evento',
  'descricao',
  'prazo',
  'prazo_em',
] as const satisfies readonly (keyof TrackingEvent)[];
const ID = FIELDS.indexOf('id_pacote');
/** A bit for each of the original's five. */
const PLAIN = (1 << PLAIN_FIELDS.length) - 1;
/** Fields of which nearly every event says something else: remembering them would only drive others out. */
const SELDOM_TWICE: ReadonlySet<string> = new Set(['data_atualizacao', 'codigo', 'prazo', 'prazo_em']);
const IS_REMEMBERED = FIELDS.map((field) => !SELDOM_TWICE.has(field));

/** Texts that are remembered with their bytes, a power of two. */
const SLOTS = 8_192;
/** A longer text recurs seldom. */
const MAX_REMEMBERED_BYTES = 128;
/** Numbers of more digits are looked at closely: a double may have rounded them. */
const MAX_DIGITS = 15;
/** FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const DELETE = 0x7f;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const COLON = 0x3a;
const COMMA = 0x2c;
/** Four bytes are looked at as one word where they can be: that is a fifth of the reader's time. */
const WORD = 4;
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;

interface Remembered {
  /** As they stand between the quotes, escapes and all. */
  readonly bytes: Uint8Array;
  /** The same by words, without the last bytes that are less than one. */
  readonly words: Int32Array;
  readonly text: string;
  /** Which field has this name, -1 for none. */
  readonly field: number;
}

/**
 * Reads events straight from their bytes, without a text of them all; with the checks behind it that takes two thirds of the time of
 * `JSON.parse`. Equal texts come out as one string. It takes a flat object of an event's fields in any order, of texts and a whole
 * `id_pacote`, which is how nearly all are sent, and leaves all else, right or wrong, to `JSON.parse` (undefined). A property test compares
 * them.
 */
export class FlatEventReader {
  private readonly remembered = new Array<Remembered | undefined>(SLOTS).fill(undefined);
  private readonly values = new Array<string | number | undefined>(FIELDS.length).fill(undefined);
  /** By its place in the object, the name that was read there last. */
  private readonly order: Remembered[] = [];
  private bytes: Buffer = Buffer.alloc(0);
  private view = viewOf(this.bytes);
  private at = 0;
  private end = 0;

  /** Reads the event that the bytes from one place up to another are. */
  read(bytes: Buffer, from = 0, to = bytes.length): SentEvent | undefined {
    if (this.bytes !== bytes) {
      this.bytes = bytes;
      this.view = viewOf(bytes);
    }
    this.at = from;
    this.end = to;
    const { values } = this;
    values.fill(undefined);
    let seen = 0;
    let place = 0;
    if (!this.skip(OPEN)) return undefined;
    do {
      const field = this.name(place++);
      // A name that comes twice is left to JSON.parse, as one that is no field of an event is.
      if (field < 0 || (seen & (1 << field)) !== 0 || !this.skip(COLON)) return undefined;
      const value =
        field === ID ? this.number() : IS_REMEMBERED[field] ? this.recurring()?.text : this.ascii();
      if (value === undefined) return undefined;
      values[field] = value;
      seen |= 1 << field;
    } while (this.skip(COMMA));
    if (!this.skip(CLOSE) || this.at !== to) return undefined;
    return toEvent(values, seen);
  }

  /** Of the field whose name comes next. Senders write them in one order, so mostly it is the one that came at this place before. */
  private name(place: number): number {
    const { bytes, view, at, order } = this;
    const expected = order[place];
    if (expected !== undefined && at < this.end && bytes[at] === QUOTE) {
      const end = at + 1 + expected.bytes.length;
      if (end < this.end && bytes[end] === QUOTE && equals(expected, view, at + 1)) {
        this.at = end + 1;
        return expected.field;
      }
    }
    const found = this.recurring();
    if (found === undefined) return -1;
    order[place] = found;
    return found.field;
  }

  /** Passes over one character and the blanks around it. */
  private skip(character: number): boolean {
    const { bytes, end } = this;
    let { at } = this;
    while (at < end && bytes[at] === SPACE) at++;
    if (at >= end || bytes[at] !== character) return false;
    at++;
    while (at < end && bytes[at] === SPACE) at++;
    this.at = at;
    return true;
  }

  /** A whole number above 0. */
  private number(): number | undefined {
    const { bytes, at } = this;
    const end = Math.min(this.end, at + MAX_DIGITS + 1);
    let value = 0;
    let i = at;
    for (; i < end; i++) {
      const digit = bytes[i] as number;
      if (digit < ZERO || digit > NINE) break;
      value = value * 10 + digit - ZERO;
    }
    if (i === at || i - at > MAX_DIGITS || bytes[at] === ZERO) return undefined;
    this.at = i;
    return value;
  }

  /** A text of visible ASCII and blanks. */
  private ascii(): string | undefined {
    const { bytes, end } = this;
    let { at } = this;
    if (at >= end || bytes[at] !== QUOTE) return undefined;
    const from = ++at;
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        this.at = at + 1;
        return bytes.toString('latin1', from, at);
      }
      if (byte < SPACE || byte >= DELETE || byte === BACKSLASH) return undefined;
    }
    return undefined;
  }

  /** A text that likely came before. */
  private recurring(): Remembered | undefined {
    const { bytes, view, end } = this;
    let { at } = this;
    if (at >= end || bytes[at] !== QUOTE) return undefined;
    const from = ++at;
    let hash: number = FNV_BASIS;
    for (const last = end - WORD; at <= last; at += WORD) {
      const word = view.getInt32(at, true);
      if (hasZero(word ^ QUOTES) || hasZero(word ^ BACKSLASHES)) break;
      hash = Math.imul(hash ^ word, FNV_PRIME);
    }
    for (; ; at++) {
      if (at >= end) return undefined;
      const byte = bytes[at] as number;
      if (byte === QUOTE) break;
      hash = Math.imul(hash ^ byte, FNV_PRIME);
      // What is escaped may be a quote.
      if (byte === BACKSLASH) at++;
    }
    this.at = at + 1;
    const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    const known = this.remembered[slot];
    if (known !== undefined && known.bytes.length === at - from && equals(known, view, from)) return known;
    const read = parseText(bytes, from, at);
    if (read !== undefined && at - from <= MAX_REMEMBERED_BYTES) this.remembered[slot] = read;
    return read;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether one of the four bytes of a word is 0: https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord */
function hasZero(word: number): boolean {
  return ((word - 0x01010101) & ~word & 0x80808080) !== 0;
}

/** Whether the bytes from an index on begin with those that are known; there are as many of them at least. */
function equals({ bytes, words }: Remembered, view: DataView, from: number): boolean {
  const { length } = words;
  for (let i = 0; i < length; i++) if (words[i] !== view.getInt32(from + i * WORD, true)) return false;
  for (let i = length * WORD; i < bytes.length; i++) if (bytes[i] !== view.getUint8(from + i)) return false;
  return true;
}

/** A text of JSON, its quotes around it; undefined where it is none. */
function parseText(bytes: Buffer, from: number, to: number): Remembered | undefined {
  const quoted = bytes.subarray(from - 1, to + 1);
  if (!isUtf8(quoted)) return undefined;
  try {
    const text = JSON.parse(quoted.toString('utf8')) as string;
    // A copy in memory of its own: a part would keep all that was fetched with it.
    const copy = new Uint8Array(bytes.subarray(from, to));
    const view = viewOf(copy);
    const words = Int32Array.from({ length: Math.floor(copy.length / WORD) }, (_, i) =>
      view.getInt32(i * WORD, true),
    );
    return { bytes: copy, words, text, field: (FIELDS as readonly string[]).indexOf(text) };
  } catch {
    // Who reads it again says what is wrong.
    return undefined;
  }
}

/** Of two shapes, the original's fields or all: of many, what reads them is several times as slow. */
function toEvent(values: readonly (string | number | undefined)[], seen: number): SentEvent {
  // By index: taking a list apart asks its iterator, which is as slow as all the rest.
  if ((seen & ~PLAIN) === 0)
    return {
      id_pacote: values[0],
      origem: values[1],
      destino: values[2],
      status_rastreamento: values[3],
      data_atualizacao: values[4],
    };
  return {
    id_pacote: values[0],
    origem: values[1],
    destino: values[2],
    status_rastreamento: values[3],
    data_atualizacao: values[4],
    codigo: values[5],
    transportadora: values[6],
    servico: values[7],
    local: values[8],
    codigo_evento: values[9],
    descricao: values[10],
    prazo: values[11],
    prazo_em: values[12],
  };
}
