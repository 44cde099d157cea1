// What we touch of kafkajs's inside; its own types describe its outside only.
declare module 'kafkajs/src/protocol/decoder' {
  class Decoder {
    constructor(buffer: Buffer);
    readonly buffer: Buffer;
    offset: number;
    readVarIntString(): string | null;
    readVarIntBytes(): Buffer | null;
    readInt8(): number;
    readInt16(): number;
    readInt32(): number;
    readInt64(): bigint;
    readString(): string;
    readBytes(bytes: number): Buffer;
    canReadBytes(bytes: number): boolean;
    readArray<T>(read: (decoder: Decoder) => T): T[];
    readArrayAsync<T>(read: (decoder: Decoder) => Promise<T>): Promise<T[]>;
  }
  export default Decoder;
}

declare module 'kafkajs/src/protocol/message/compression' {
  /** Of a batch's attributes, null where it is not compressed. */
  export function lookupCodecByAttributes(
    attributes: number,
  ): { readonly decompress: (data: Buffer) => Promise<Buffer> } | null;
}

declare module 'kafkajs/src/protocol/messageSet/decoder' {
  import type Decoder from 'kafkajs/src/protocol/decoder';
  export default function decodeMessageSet(decoder: Decoder, size: number): Promise<readonly object[]>;
}

declare module 'kafkajs/src/protocol/requests/fetch/v11/response' {
  const response: { decode: (rawData: Buffer) => Promise<object> };
  export default response;
}
