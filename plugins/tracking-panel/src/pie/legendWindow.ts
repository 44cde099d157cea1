/** Pixels beyond the visible ones that are kept drawn on either side, so that scrolling shows no gaps. */
const OVERSCAN = 120;
/** Scrolling draws again only so often. */
const STEP = 120;

/** The part of a list that is drawn. */
export interface ListWindow {
  first: number;
  /** After the last one. */
  end: number;
  /** Pixels of what is not drawn before and after it. */
  before: number;
  after: number;
}

/**
 * The items of a list with these heights that have to be drawn in a box of `height` pixels scrolled down by `scrollTop`.
 * Moves in steps, so that not every pixel of scrolling draws again.
 */
export function windowOf(heights: readonly number[], scrollTop: number, height: number): ListWindow {
  const total = heights.reduce((sum, item) => sum + item, 0);
  const top = Math.floor(Math.max(0, Math.min(scrollTop, total - height)) / STEP) * STEP;
  const [from, to] = [top - OVERSCAN, top + STEP + Math.max(0, height) + OVERSCAN];
  const drawn: ListWindow = { first: heights.length, end: heights.length, before: 0, after: 0 };
  let bottom = 0;
  for (const [index, item] of heights.entries()) {
    const itemTop = bottom;
    bottom += item;
    if (bottom <= from) {
      drawn.before = bottom;
    } else if (itemTop >= to) {
      drawn.end = Math.min(drawn.end, index);
      drawn.after += item;
    } else {
      drawn.first = Math.min(drawn.first, index);
    }
  }
  return drawn;
}
