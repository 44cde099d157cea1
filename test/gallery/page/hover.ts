const SLICE = 'rastreio-tracking slice ';
const STEP = 0.02;
const REACH = 4;

const slicesOf = (panel: number) => [
  ...document.querySelectorAll<SVGGElement>(`[data-testid="panel ${panel}"] [data-testid^="${SLICE}"]`),
];
const statusOf = (slice: Element) => slice.getAttribute('data-testid')?.replace(SLICE, '') ?? '';

/** A point on a slice in pixels of the viewport: the middle of a large slice's box is not on it. */
export function pointOn(panel: number, status: string): { x: number; y: number } {
  const slice = slicesOf(panel).find((candidate) => statusOf(candidate) === status);
  const path = slice?.querySelector('path');
  const svg = path?.ownerSVGElement;
  if (!slice || !path || !svg) throw new Error(`panel ${panel} has no slice ${status}`);
  const box = path.getBBox();
  for (let down = STEP; down < 1; down += STEP)
    for (let across = STEP; across < 1; across += STEP) {
      const { x, y } = new DOMPoint(box.x + across * box.width, box.y + down * box.height).matrixTransform(
        svg.getScreenCTM() ?? undefined,
      );
      // Four pixels beside it are the slice's too, so that no edge is near.
      const isOnSlice = [-REACH, 0, REACH].every((step) =>
        slice.contains(document.elementFromPoint(x + step, y)),
      );
      if (isOnSlice) return { x, y };
    }
  throw new Error(`the slice ${status} of panel ${panel} has no inside`);
}

/** Statuses whose slices stand back because another one is pointed at. */
export const dimmed = (panel: number) =>
  slicesOf(panel)
    .filter((slice) => getComputedStyle(slice).opacity !== '1')
    .map(statusOf);
