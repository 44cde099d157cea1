/** https://www.postgresql.org/docs/17/catalog-pg-type.html: the type `text`. */
const TEXT_OID = 25;
/** Dimensions, whether there are nulls, the type; length and first index of the one dimension. */
const HEAD_BYTES = 20;

/**
 * A `text[]` parameter in PostgreSQL's binary format (array_recv), for texts by the thousand: written as text, each would be escaped here and
 * parsed there. The statement has to say the type (`$1::text[]`).
 */
export function textArray(texts: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(
    HEAD_BYTES + texts.reduce((sum, text) => sum + 4 + Buffer.byteLength(text), 0),
  );
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(0, 4);
  bytes.writeInt32BE(TEXT_OID, 8);
  bytes.writeInt32BE(texts.length, 12);
  bytes.writeInt32BE(1, 16);
  let at = HEAD_BYTES;
  for (const text of texts) {
    const length = bytes.write(text, at + 4);
    bytes.writeInt32BE(length, at);
    at += 4 + length;
  }
  return bytes;
}
