import type { PanelModel } from './model';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const COLUMNS = 24;
const ROW_HEIGHT = 30;
const GAP = 8;
/** Narrower than this, panels stand one below the other, as in Grafana. */
const STACK_BELOW = 769;

/** Where each panel stands, in pixels: Grafana's 24 columns and 30 px rows with 8 px between. */
export function placePanels(
  panels: readonly Pick<PanelModel, 'id' | 'gridPos'>[],
  width: number,
): ReadonlyMap<number, Box> {
  const heightOf = (rows: number) => rows * ROW_HEIGHT + (rows - 1) * GAP;
  if (width < STACK_BELOW) {
    const ordered = [...panels].sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x);
    let top = 0;
    return new Map(
      ordered.map(({ id, gridPos }) => {
        const box = { left: 0, top, width, height: heightOf(gridPos.h) };
        top += box.height + GAP;
        return [id, box];
      }),
    );
  }
  const column = (width + GAP) / COLUMNS;
  return new Map(
    panels.map(({ id, gridPos: { x, y, w, h } }) => [
      id,
      { left: x * column, top: y * (ROW_HEIGHT + GAP), width: w * column - GAP, height: heightOf(h) },
    ]),
  );
}

/** The height that all of them need. */
export function totalHeight(boxes: ReadonlyMap<number, Box>): number {
  return Math.max(0, ...[...boxes.values()].map(({ top, height }) => top + height));
}
