import { type Slice } from '../statuses/types';
import { type TrackingOptions } from '../types';

/** More rows would leave the page; a tooltip cannot be scrolled. */
const MAX_ROWS = 15;

export interface TooltipRow {
  slice: Slice;
  /** One of those that the slice of the others gathers. */
  isPart: boolean;
}

/**
 * What a tooltip over `active` lists, in the pie's order: that slice alone or all, with the parts of a gathered one under
 * it. Of more than fit, those around the active one; `more` counts the others.
 */
export function tooltipRows(
  active: Slice,
  slices: Slice[],
  { mode, hideZeros }: TrackingOptions['tooltip']
): { rows: TooltipRow[]; more: number } {
  if (mode === 'none' || active.hiddenFrom.tooltip) {
    return { rows: [], more: 0 };
  }
  const all = (mode === 'multi' ? slices : [active])
    .flatMap((slice): TooltipRow[] => [
      { slice, isPart: false },
      ...(slice === active ? (slice.parts ?? []) : []).map((part) => ({ slice: part, isPart: true })),
    ])
    .filter(
      ({ slice }) => !slice.hiddenFrom.tooltip && (slice === active || !hideZeros || slice.value !== 0)
    );
  const middle = all.findIndex(({ slice }) => slice === active);
  const before = active.parts ? 0 : Math.floor(MAX_ROWS / 2);
  const start = Math.max(0, Math.min(middle - before, all.length - MAX_ROWS));
  const rows = all.slice(start, start + MAX_ROWS);
  return { rows, more: all.length - rows.length };
}
