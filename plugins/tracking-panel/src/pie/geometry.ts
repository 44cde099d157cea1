/** A slice's place on the circle: radians, clockwise from twelve o'clock. */
export interface Arc {
  start: number;
  end: number;
}

const TURN = 2 * Math.PI;

/**
 * One arc per value, in order, whose angles add up to a full turn, each as its value's share of the whole: a pie whose
 * small slices are drawn wider than they are tells a lie about the large ones. Values that are not finite and positive get
 * an arc of no width; if none is positive, all do.
 */
export function arcsOf(values: readonly number[]): Arc[] {
  const weights = values.map((value) => (Number.isFinite(value) && value > 0 ? value : 0));
  // Scaled by the largest first, so that sums of huge values stay finite.
  const largest = Math.max(0, ...weights);
  const scaled = weights.map((weight) => (largest === 0 ? 0 : weight / largest));
  const total = scaled.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  return scaled.map((weight) => {
    const start = total === 0 ? 0 : (before / total) * TURN;
    before += weight;
    return { start, end: total === 0 ? 0 : (before / total) * TURN };
  });
}

/** Whether an arc goes all the way round; rounding may leave it a hair short. */
export const isFullTurn = ({ start, end }: Arc): boolean => end - start >= TURN - 1e-9;

/**
 * SVG path of a ring's sector around 0,0 (`inner` 0: a pie's sector). A full turn is drawn as two half turns, because
 * an SVG arc with equal ends draws nothing. An arc without width gives an empty path.
 */
export function arcPath({ start, end }: Arc, inner: number, outer: number): string {
  const angle = end - start;
  if (angle <= 0 || outer <= 0) {
    return '';
  }
  if (isFullTurn({ start, end })) {
    const ring = (radius: number, sweep: 0 | 1) =>
      `M0,${round(-radius)}A${round(radius)},${round(radius)},0,1,${sweep},0,${round(radius)}` +
      `A${round(radius)},${round(radius)},0,1,${sweep},0,${round(-radius)}Z`;
    return ring(outer, 1) + (inner > 0 ? ring(inner, 0) : '');
  }
  const large = angle > Math.PI ? 1 : 0;
  const outside = `M${at(start, outer)}A${round(outer)},${round(outer)},0,${large},1,${at(end, outer)}`;
  return inner > 0
    ? `${outside}L${at(end, inner)}A${round(inner)},${round(inner)},0,${large},0,${at(start, inner)}Z`
    : `${outside}L0,0Z`;
}

/** Point at the middle of an arc's angle, `radius` from the centre. */
export function midpoint({ start, end }: Arc, radius: number): { x: number; y: number } {
  const angle = (start + end) / 2;
  return { x: radius * Math.sin(angle), y: -radius * Math.cos(angle) };
}

/** Whether a text box of this size, centred at `radius` in the middle of the arc, stays inside the sector. */
export function fitsInside(
  arc: Arc,
  inner: number,
  outer: number,
  radius: number,
  width: number,
  height: number
): boolean {
  const centre = midpoint(arc, radius);
  const full = isFullTurn(arc);
  return [
    [-1, -1],
    [-1, 1],
    [1, -1],
    [1, 1],
  ].every(([sideX = 0, sideY = 0]) => {
    const x = centre.x + (sideX * width) / 2;
    const y = centre.y + (sideY * height) / 2;
    const distance = Math.hypot(x, y);
    const angle = (Math.atan2(x, -y) + TURN) % TURN;
    return distance <= outer && distance >= inner && (full || (angle >= arc.start && angle <= arc.end));
  });
}

const at = (angle: number, radius: number) =>
  `${round(radius * Math.sin(angle))},${round(-radius * Math.cos(angle))}`;

/** A thousandth of a pixel is enough, and short numbers keep the page small. */
const round = (value: number) => Math.round(value * 1000) / 1000 + 0;
