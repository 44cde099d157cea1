// What we touch of kafkajs's inside; its own types describe its outside only.
declare module 'kafkajs/src/protocol/decoder' {
  class Decoder {
    constructor(buffer: Buffer);
    readonly buffer: Buffer;
    offset: number;
    readVarInt(): number;
    readVarIntString(): string | null;
    readVarIntBytes(): Buffer | null;
    readInt8(): number;
    readInt16(): number;
    readInt32(): number;
    readInt64(): bigint;
    readString(): string;
    readBytes(bytes: number): Buffer;
    canReadBytes(bytes: number): boolean;
    slice(bytes: number): Decoder;
    readArray<T>(read: (decoder: Decoder) => T): T[];
    readArrayAsync<T>(read: (decoder: Decoder) => Promise<T>): Promise<T[]>;
    readVarIntArray: <T>(read: (decoder: Decoder) => T) => T[];
  }
  export default Decoder;
}

declare module 'kafkajs/src/protocol/recordBatch/v0/decoder' {
  import type Decoder from 'kafkajs/src/protocol/decoder';
  export default function decodeRecordBatch(
    decoder: Decoder,
  ): Promise<{ readonly records: readonly object[] }>;
}

declare module 'kafkajs/src/protocol/messageSet/decoder' {
  import type Decoder from 'kafkajs/src/protocol/decoder';
  export default function decodeMessageSet(decoder: Decoder, size: number): Promise<readonly object[]>;
}

declare module 'kafkajs/src/protocol/requests/fetch/v11/response' {
  const response: { decode: (rawData: Buffer) => Promise<object> };
  export default response;
}
