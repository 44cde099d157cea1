import Decoder from 'kafkajs/src/protocol/decoder';

/** A header of a record as it came. */
interface Header {
  readonly key: string;
  readonly value: Buffer | null;
}

/** As kafkajs gives them: the value of a name, or a list of values where it comes more than once. */
export type Headers = Record<string, Header['value'] | (Header['value'] | undefined)[]>;

/**
 * The headers of a record as they came. A header of six bytes takes two hundred as an object, and hardly anybody looks at one: they are
 * read when they are asked for, or a few records full of them would be all the memory that there is.
 */
export class HeaderBytes {
  constructor(
    private readonly bytes: Buffer,
    private readonly count: number,
  ) {}

  read(): Headers {
    const decoder = new Decoder(this.bytes);
    const headers = Array.from({ length: this.count }, () => ({
      key: decoder.readVarIntString() ?? '',
      value: decoder.readVarIntBytes(),
    }));
    return collectHeaders(headers);
  }
}

function collectHeaders(headers: readonly Header[]): Headers {
  const collected = new Map<string, Headers[string]>();
  for (const { key, value } of headers) {
    const known = collected.get(key);
    if (known === undefined) collected.set(key, value);
    else if (Array.isArray(known)) known.push(value);
    else collected.set(key, [known, value]);
  }
  return Object.fromEntries(collected);
}
