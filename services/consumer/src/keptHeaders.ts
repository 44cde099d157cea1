import type { IHeaders } from 'kafkajs';

/** Before each value: the lengths of its name and of itself. */
const LENGTHS = 8;
const EMPTY = Buffer.alloc(0);

/**
 * Headers as bytes, in memory of their own. As objects a header of six bytes takes two hundred, so that a few megabytes of records full of
 * them would be all the memory that there is, while they wait to be written and hardly one is looked at.
 *
 * What kafkajs reads is not always what its types say: a header without a value is null (it becomes empty), and beside the value of one named
 * like a member of every object, such as `constructor`, it finds that member, which is left out.
 *
 * @returns undefined where there is none
 */
export function packHeaders(headers: IHeaders | undefined): Buffer | undefined {
  const sent: (readonly [name: string, value: string | Buffer])[] = [];
  let length = 0;
  for (const name in headers)
    for (const found of [headers[name]].flat() as unknown[]) {
      const value = found ?? EMPTY;
      if (typeof value !== 'string' && !Buffer.isBuffer(value)) continue;
      sent.push([name, value]);
      length += LENGTHS + Buffer.byteLength(name) + Buffer.byteLength(value);
    }
  if (sent.length === 0) return undefined;
  // Not of the pool in which node makes short ones: a part of it would keep all of it.
  const bytes = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const [name, value] of sent) {
    const valueAt = at + LENGTHS + bytes.write(name, at + LENGTHS);
    const end =
      valueAt + (typeof value === 'string' ? bytes.write(value, valueAt) : value.copy(bytes, valueAt));
    bytes.writeUInt32LE(valueAt - at - LENGTHS, at);
    bytes.writeUInt32LE(end - valueAt, at + LENGTHS / 2);
    at = end;
  }
  return bytes;
}

/** What {@link packHeaders} packed: lists of values by name, in the order of arrival, as kafkajs can write them. */
export function unpackHeaders(bytes: Buffer): IHeaders {
  const headers = new Map<string, Buffer[]>();
  for (let at = 0; at < bytes.length;) {
    const nameAt = at + LENGTHS;
    const valueAt = nameAt + bytes.readUInt32LE(at);
    const end = valueAt + bytes.readUInt32LE(at + LENGTHS / 2);
    const name = bytes.toString('utf8', nameAt, valueAt);
    const value = bytes.subarray(valueAt, end);
    const known = headers.get(name);
    if (known === undefined) headers.set(name, [value]);
    else known.push(value);
    at = end;
  }
  return Object.fromEntries(headers);
}
