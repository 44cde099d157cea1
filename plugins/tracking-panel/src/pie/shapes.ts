interface Point {
  x: number;
  y: number;
}

export type Segment = readonly [Point, Point];

export interface Size {
  width: number;
  height: number;
}

export interface Rect extends Size {
  left: number;
  top: number;
}

/** Whether a segment comes nearer than `radius` to 0,0. */
export function crossesDisc([from, to]: Segment, radius: number): boolean {
  const along = { x: to.x - from.x, y: to.y - from.y };
  const length = along.x ** 2 + along.y ** 2;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, -(from.x * along.x + from.y * along.y) / length));
  return Math.hypot(from.x + share * along.x, from.y + share * along.y) < radius;
}

/** Whether a segment has a part within a rectangle (Liang and Barsky, 1984); touching its edge does not count. */
export function crossesBox([from, to]: Segment, { left, top, width, height }: Rect): boolean {
  let enter = 0;
  let leave = 1;
  const clip = (start: number, delta: number, low: number, high: number) => {
    if (delta === 0) {
      return start > low && start < high;
    }
    const [first, last] = delta > 0 ? [low, high] : [high, low];
    enter = Math.max(enter, (first - start) / delta);
    leave = Math.min(leave, (last - start) / delta);
    return enter < leave;
  };
  return clip(from.x, to.x - from.x, left, left + width) && clip(from.y, to.y - from.y, top, top + height);
}
