// Compares pictures in a process of its own: in jest's sandbox every global costs a look-up, and pixels are many.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import type { Box } from './box';
import { encodePalettePng } from './palettePng';

/** Git-ignored. */
const DIFFERENT = path.resolve(__dirname, '../different');

/** Of a color's distance, 0 to 1, above what the palette costs: below it a pixel counts as the same. */
const COLOR_TOLERANCE = 0.1;
/** Pixels of one panel that may differ, antialiased ones not counted: a letter that moved has more. */
const PIXEL_TOLERANCE = 20;

/** The part of a picture where one panel is. */
export interface Part {
  readonly title: string;
  /** In pixels of the picture. */
  readonly box: Box;
}

export interface Comparison {
  readonly id: number;
  /** Where the accepted pictures are. */
  readonly folder: string;
  readonly name: string;
  /** A PNG in base64. */
  readonly screenshot: string;
  readonly parts: readonly Part[];
  /** Whether the screenshot is the new picture, if it differs. */
  readonly accepts: boolean;
}

export interface Verdict {
  readonly id: number;
  /** What differs, in words with the paths of the pictures that show it. */
  readonly problems: readonly string[];
}

process.on('message', (comparison: Comparison) => {
  const verdict: Verdict = { id: comparison.id, problems: compare(comparison) };
  process.send?.(verdict);
});

function compare({ folder, name, screenshot, parts, accepts }: Comparison): string[] {
  const file = path.join(folder, `${name}.png`);
  const actual = PNG.sync.read(Buffer.from(screenshot, 'base64'));
  if (!existsSync(file)) {
    if (accepts) return save(file, actual);
    return [`there is no picture ${file}: npm run gallery:accept`];
  }
  const { problems, diff } = differences(PNG.sync.read(readFileSync(file)), actual, parts);
  if (problems.length === 0) return [];
  if (accepts) return save(file, actual);
  const shown = { [`${name}.png`]: actual, ...(diff === undefined ? {} : { [`${name}.diff.png`]: diff }) };
  for (const [shownName, picture] of Object.entries(shown)) save(path.join(DIFFERENT, shownName), picture);
  const paths = Object.keys(shown).map((shownName) => path.join(DIFFERENT, shownName));
  return [...problems, `see ${paths.join(' and ')}, beside ${file}; if right: npm run gallery:accept`];
}

function differences(accepted: PNG, actual: PNG, parts: readonly Part[]): { problems: string[]; diff?: PNG } {
  const { width, height } = actual;
  if (accepted.width !== width || accepted.height !== height)
    return {
      problems: [
        `it is ${width} x ${height} pixels, the accepted one ${accepted.width} x ${accepted.height}`,
      ],
    };
  const diff = new PNG({ width, height });
  pixelmatch(accepted.data, actual.data, diff.data, width, height, {
    threshold: COLOR_TOLERANCE,
    diffMask: true,
    diffColor: [255, 0, 0],
    aaColor: [255, 255, 0],
  });
  const problems = parts.flatMap(({ title, box }) => {
    const pixels = countDifferent(diff, box);
    return pixels > PIXEL_TOLERANCE ? [`${title}: ${pixels} pixels differ`] : [];
  });
  return { problems, diff };
}

/** pixelmatch paints what differs red and what is antialiased yellow, and leaves all else transparent. */
function countDifferent(diff: PNG, { left, top, width, height }: Box): number {
  let count = 0;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(diff.height, top + height); y++) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(diff.width, left + width); x++) {
      const at = 4 * (y * diff.width + x);
      if (diff.data[at + 3] !== 0 && diff.data[at + 1] === 0) count++;
    }
  }
  return count;
}

function save(file: string, { data, width, height }: PNG): [] {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, encodePalettePng(data, width, height));
  process.stderr.write(`wrote ${file}\n`);
  return [];
}
