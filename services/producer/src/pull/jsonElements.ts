const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * The elements of a JSON array as the bytes they came in, which parsing and writing again would change (large numbers, keys that
 * come twice, escapes); another value is one element, white space alone none.
 *
 * @param bytes in UTF-8, or any other encoding that has ASCII's bytes for ASCII's characters only
 * @throws SyntaxError when it is not JSON
 */
export function jsonElements(bytes: Buffer): Buffer[] {
  const json = trim(bytes);
  if (json.length === 0) return [];
  // Each byte as one character: for the form of JSON the others do not matter.
  JSON.parse(json.toString('latin1'));
  if (json[0] !== 0x5b) return [json];
  const elements: Buffer[] = [];
  let depth = 0;
  let inText = false;
  let from = 1;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] ?? 0;
    if (inText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (OPEN.has(byte)) depth++;
    else if (CLOSE.has(byte)) depth--;
    else if (byte === COMMA && depth === 1) {
      elements.push(trim(json.subarray(from, at)));
      from = at + 1;
    }
  }
  const last = trim(json.subarray(from, -1));
  return last.length === 0 ? elements : [...elements, last];
}

function trim(bytes: Buffer): Buffer {
  let [from, to] = [0, bytes.length];
  while (from < to && SPACE.has(bytes[from] ?? 0)) from++;
  while (to > from && SPACE.has(bytes[to - 1] ?? 0)) to--;
  return bytes.subarray(from, to);
}
