import { cleanStatus } from '@rastreio/contract/src/clean';
import statuses from '@rastreio/contract/statuses.json';
import { hashStatus } from './status';

/** Side of a pattern's tile in pixels. */
export const TILE = 8;

/**
 * Lines of each pattern as an SVG path over one tile; lines that leave the tile continue in the next. Thick and plain
 * enough to be told apart on a legend's swatch.
 */
export const PATTERNS = {
  plain: '',
  diagonalUp: 'M-2,2L2,-2M0,8L8,0M6,10L10,6',
  diagonalDown: 'M-2,6L2,10M0,0L8,8M6,-2L10,2',
  horizontal: 'M0,2H8M0,6H8',
  vertical: 'M2,0V8M6,0V8',
  grid: 'M0,4H8M4,0V8',
  lattice: 'M0,8L8,0M0,0L8,8',
  dots: 'M1,2H3M5,6H7',
  zigzag: 'M0,6L2,2L6,6L8,2',
  bricks: 'M0,0H8M0,4H8M2,0V4M6,4V8',
  plus: 'M2,4H6M4,2V6',
  dashes: 'M0,2H5M4,6H8M0,6H1',
  chevrons: 'M0,5L4,1L8,5',
} as const;

export type PatternName = keyof typeof PATTERNS;

/** The slice of gathered statuses is dotted; no status of the catalogue is. */
export const OTHERS_PATTERN: PatternName = 'dots';

const isPattern = (name: string): name is PatternName => Object.hasOwn(PATTERNS, name);

/** Pattern of each status of the catalogue: no two share one. */
const BY_STATUS = new Map(
  statuses.flatMap(({ status, pattern }) =>
    isPattern(pattern) ? [[cleanStatus(status), pattern] as const] : []
  )
);

/** For statuses that the catalogue does not know: all with lines, and not the others' dots. */
const FALLBACK_PATTERNS = Object.keys(PATTERNS).filter(
  (name): name is PatternName => name !== 'plain' && name !== OTHERS_PATTERN
);

/** The pattern of a status: like its color, a function of its text alone. Two unknown statuses may share one. */
export function patternOf(status: string): PatternName {
  return (
    BY_STATUS.get(cleanStatus(status)) ??
    FALLBACK_PATTERNS[hashStatus(status) % FALLBACK_PATTERNS.length] ??
    'grid'
  );
}
