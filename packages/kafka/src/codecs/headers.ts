import type { IHeaders } from 'kafkajs';
import Decoder from 'kafkajs/src/protocol/decoder';

/** As kafkajs gives them: the value of a name, or a list of values where it comes more than once. */
export type Headers = Record<string, Buffer | null | (Buffer | null)[]>;

const EMPTY = Buffer.alloc(0);
const MORE_FOLLOWS = 0x80;

/**
 * The headers of a record as bytes, as Kafka has them: https://kafka.apache.org/documentation/#recordheader. A header of six bytes takes two
 * hundred as an object, and hardly anybody looks at one: they are read when they are asked for, or a few records full of them would be all the
 * memory that there is.
 */
export class HeaderBytes {
  /** @param bytes of so many headers, which have been checked: they end where the last one ends */
  constructor(
    readonly bytes: Buffer,
    readonly count: number,
  ) {}

  /**
   * Packs what a reader gives as objects. What kafkajs reads by itself is not always what its types say: a header without a value is null, and
   * beside the value of one named like a member of every object, such as `constructor`, it finds that member, which is left out.
   */
  static pack(headers: IHeaders | undefined): HeaderBytes {
    const parts: Buffer[] = [];
    for (const name in headers)
      for (const found of [headers[name]].flat() as unknown[]) {
        const value = found ?? EMPTY;
        if (typeof value !== 'string' && !Buffer.isBuffer(value)) continue;
        const [key, content] = [Buffer.from(name), Buffer.from(value as string)];
        parts.push(lengthBytes(key.length), key, lengthBytes(content.length), content);
      }
    return new HeaderBytes(Buffer.concat(parts), parts.length / 4);
  }

  /** As kafkajs gives them. */
  read(): Headers {
    const collected = new Map<string, Headers[string]>();
    for (const [key, value] of this.each()) {
      const known = collected.get(key);
      if (known === undefined) collected.set(key, value);
      else if (Array.isArray(known)) known.push(value);
      else collected.set(key, [known, value]);
    }
    return Object.fromEntries(collected);
  }

  /** Lists of values by name, in the order of arrival, as kafkajs can write them: without a value it is empty. */
  lists(): Record<string, Buffer[]> {
    const collected = new Map<string, Buffer[]>();
    for (const [key, value] of this.each()) {
      const known = collected.get(key);
      if (known === undefined) collected.set(key, [value ?? EMPTY]);
      else known.push(value ?? EMPTY);
    }
    return Object.fromEntries(collected);
  }

  /** Whether there is one of that name. */
  has(name: string): boolean {
    return this.bytes.includes(name) && Object.hasOwn(this.read(), name);
  }

  private *each(): Generator<readonly [name: string, value: Buffer | null]> {
    const decoder = new Decoder(this.bytes);
    for (let i = 0; i < this.count; i++) yield [decoder.readVarIntString() ?? '', decoder.readVarIntBytes()];
  }
}

/** A length as Kafka writes it: zigzag, seven bits a byte, the lowest first. */
function lengthBytes(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length * 2;
  for (; rest >= MORE_FOLLOWS; rest = Math.floor(rest / MORE_FOLLOWS))
    bytes.push((rest % MORE_FOLLOWS) | MORE_FOLLOWS);
  return Buffer.from([...bytes, rest]);
}
