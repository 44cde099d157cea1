/** https://wicg.github.io/layout-instability/#sec-layout-shift; not in TypeScript's library. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { readonly node?: Node | null }[];
}

const shifts: string[] = [];

/** Collects what moves from now on. */
export function watchLayoutShifts(): void {
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries() as LayoutShift[])
      shifts.push(`${value}: ${sources.map(({ node }) => node?.textContent ?? '').join('; ')}`);
  }).observe({ type: 'layout-shift' });
}

/** What has moved since, in words. */
export const layoutShifts = () => shifts;

/** Where every part of the panel stands; slices and their labels alone move with the figures. */
export function places(): Record<string, string> {
  const parts = document.querySelectorAll(
    '[data-testid^="rastreio-tracking"]:not([data-testid*=" slice"]), th, td',
  );
  return Object.fromEntries(
    [...parts].map((part, index) => {
      const { left, top, height } = part.getBoundingClientRect();
      const name = part.getAttribute('data-testid') ?? part.tagName;
      return [`${index} ${name}`, [left, top, height].map(Math.round).join()];
    }),
  );
}
