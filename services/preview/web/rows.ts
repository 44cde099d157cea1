import type { PanelModel } from './model';

/** Panels of a dashboard in their places, rows opened and closed. */
export interface Laid {
  readonly panel: PanelModel;
  /** Of a row: whether its panels are out of sight. */
  readonly isClosed: boolean;
}

/**
 * The panels to draw, their places moved up or down by what rows above them hide or show. A closed row of a dashboard has
 * its panels inside it; an open one has those after it, up to the next row. `toggled`: rows that are not as they were saved.
 */
export function layRows(panels: readonly PanelModel[], toggled: ReadonlySet<number>): Laid[] {
  const ordered = [...panels].sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x);
  const laid: Laid[] = [];
  let shift = 0;
  // Of the row that hides what follows it: where its first panel would stand.
  let hidingFrom: number | undefined;
  for (const panel of ordered) {
    if (panel.type !== 'row') {
      if (hidingFrom === undefined) laid.push({ panel: moved(panel, shift), isClosed: false });
      continue;
    }
    if (hidingFrom !== undefined) shift -= panel.gridPos.y - hidingFrom;
    hidingFrom = undefined;
    const wasClosed = panel.collapsed === true;
    const isClosed = wasClosed !== toggled.has(panel.id);
    const row = moved(panel, shift);
    laid.push({ panel: row, isClosed });
    if (wasClosed && !isClosed) shift += open(panel.panels ?? [], row.gridPos.y + 1, laid);
    if (!wasClosed && isClosed) hidingFrom = panel.gridPos.y + 1;
  }
  return laid;
}

/** Every panel, those inside closed rows too. */
export const allPanels = (panels: readonly PanelModel[]): PanelModel[] =>
  panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);

/** Puts the panels of a row under it; answers how many grid rows they take. */
function open(inside: readonly PanelModel[], top: number, laid: Laid[]): number {
  const first = Math.min(...inside.map(({ gridPos }) => gridPos.y));
  for (const panel of inside) laid.push({ panel: moved(panel, top - first), isClosed: false });
  return Math.max(0, ...inside.map(({ gridPos }) => gridPos.y + gridPos.h - first));
}

const moved = (panel: PanelModel, by: number): PanelModel =>
  by === 0 ? panel : { ...panel, gridPos: { ...panel.gridPos, y: panel.gridPos.y + by } };
