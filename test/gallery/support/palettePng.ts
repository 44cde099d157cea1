import { crc32, deflateSync } from 'node:zlib';

const PALETTE = 256;
/** So many of the most frequent colors are kept as they are: flat areas. */
const EXACT = 48;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Writes an opaque picture as a PNG with a palette, less than half the size of one without. Of more than 256 colors, those
 * are kept that leave every other one closest to a kept one: Gonzalez's farthest-first traversal (1985), at most twice as
 * far as could be.
 *
 * @param rgba four bytes a pixel; alpha is ignored
 */
export function encodePalettePng(rgba: Uint8Array, width: number, height: number): Buffer {
  const { palette, indexOf } = reduceColors(rgba);
  const lines = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      lines[y * (width + 1) + 1 + x] = indexOf.get(colorAt(rgba, 4 * (y * width + x))) ?? 0;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a pixel, of a palette.
  header.set([8, 3], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]))),
    chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function reduceColors(rgba: Uint8Array): { palette: number[]; indexOf: Map<number, number> } {
  const counts = new Map<number, number>();
  for (let at = 0; at < rgba.length; at += 4)
    counts.set(colorAt(rgba, at), (counts.get(colorAt(rgba, at)) ?? 0) + 1);
  const colors = [...counts].sort(([, a], [, b]) => b - a).map(([color]) => color);
  const distances = new Float64Array(colors.length).fill(Infinity);
  const nearest = new Uint8Array(colors.length);
  const palette: number[] = [];
  const keep = (kept: number) => {
    palette.push(kept);
    colors.forEach((color, i) => {
      const distance = squaredDistance(color, kept);
      if (distance >= (distances[i] ?? 0)) return;
      distances[i] = distance;
      nearest[i] = palette.length - 1;
    });
  };
  colors.slice(0, EXACT).forEach(keep);
  while (palette.length < PALETTE) {
    const farthest = distances.reduce(
      (best, distance, i) => (distance > (distances[best] ?? 0) ? i : best),
      0,
    );
    if (distances[farthest] === 0) break;
    keep(colors[farthest] ?? 0);
  }
  return { palette, indexOf: new Map(colors.map((color, i) => [color, nearest[i] ?? 0])) };
}

function squaredDistance(a: number, b: number): number {
  const [red, green, blue] = [
    (a >> 16) - (b >> 16),
    ((a >> 8) & 255) - ((b >> 8) & 255),
    (a & 255) - (b & 255),
  ];
  return red * red + green * green + blue * blue;
}

const colorAt = (rgba: Uint8Array, at: number) =>
  ((rgba[at] ?? 0) << 16) | ((rgba[at + 1] ?? 0) << 8) | (rgba[at + 2] ?? 0);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(8 + body.length);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), 4 + body.length);
  return framed;
}
