// What the tests ask of a page, in the page. Answers are plain objects: they travel as JSON.

import type { Box } from '../support/box';

const PANELS = '[data-testid^="panel "]';
const CONTENT = '[data-testid="rastreio-tracking panel"]';
const LEGEND = '[data-testid="rastreio-tracking legend"]';
const LEGEND_NUMBERS = ['value', 'percent']
  .map((kind) => `[data-testid^="rastreio-tracking legend-${kind}"]`)
  .join();

/** Whether every panel is there and none waits for its queries. */
export function allPanelsAnswered(): boolean {
  const panels = [...document.querySelectorAll(PANELS)];
  return (
    panels.length > 0 &&
    panels.every(
      (panel) =>
        panel.firstElementChild?.tagName === 'H2' ||
        ['Done', 'Error'].includes(
          panel.querySelector('[data-panel-state]')?.getAttribute('data-panel-state') ?? '',
        ),
    )
  );
}

export async function nextFrames(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(requestAnimationFrame);
}

/** Scrolls a line of the page to the top, as far as it goes; answers how far that is. */
export async function scrollToLine(top: number): Promise<number> {
  window.scrollTo(0, top);
  await nextFrames(2);
  return window.scrollY;
}

/** Where each panel stands on the page, by its id in the dashboard. */
export function panelBoxes(): Record<number, Box> {
  const boxes: Record<number, Box> = {};
  for (const element of document.querySelectorAll(PANELS)) boxes[Number(idOf(element))] = boxOnPage(element);
  return boxes;
}

/** Labels of pies that lie over each other or leave their SVG, in words; a pixel of antialiasing is no overlap. */
export function misplacedLabels(): string[] {
  return [...document.querySelectorAll('[data-testid="rastreio-tracking pie"]')].flatMap((pie) => {
    const room = pie.getBoundingClientRect();
    const labels = [...pie.querySelectorAll('text')].map((element) => ({
      text: element.textContent ?? '',
      box: element.getBoundingClientRect(),
    }));
    const place = `panel ${idOf(pie.closest(PANELS))}`;
    return labels.flatMap(({ text, box }, index) => [
      ...(isInside(box, room) ? [] : [`${place}: "${text}" leaves the pie`]),
      ...labels
        .slice(index + 1)
        .filter((other) => overlaps(box, other.box))
        .map((other) => `${place}: "${text}" overlaps "${other.text}"`),
    ]);
  });
}

/** Numbers in legends that are not whole: wider than their cell, or beside what their legend shows; in words. */
export function cutNumbers(): string[] {
  return [...document.querySelectorAll<HTMLElement>(LEGEND_NUMBERS)]
    .filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      const room = element.closest(LEGEND)?.getBoundingClientRect();
      return (
        room === undefined ||
        left < room.left - ANTIALIASING ||
        right > room.right + ANTIALIASING ||
        element.scrollWidth > Math.ceil(element.getBoundingClientRect().width) + ANTIALIASING
      );
    })
    .map((element) => `panel ${idOf(element.closest(PANELS))}: "${element.textContent ?? ''}"`);
}

const ANTIALIASING = 1;

function overlaps(a: DOMRect, b: DOMRect): boolean {
  return (
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > ANTIALIASING &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > ANTIALIASING
  );
}

function isInside(inner: DOMRect, outer: DOMRect): boolean {
  return (
    inner.left >= outer.left - ANTIALIASING &&
    inner.right <= outer.right + ANTIALIASING &&
    inner.top >= outer.top - ANTIALIASING &&
    inner.bottom <= outer.bottom + ANTIALIASING
  );
}

function boxOnPage(element: Element): Box {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left: left + window.scrollX, top: top + window.scrollY, width, height };
}

const idOf = (element: Element | null) => element?.getAttribute('data-testid')?.replace('panel ', '') ?? '';

export const legendNumberCount = () => document.querySelectorAll(LEGEND_NUMBERS).length;
export const labelCount = () =>
  document.querySelectorAll('[data-testid="rastreio-tracking pie"] text').length;

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly string[]; readonly html: string }[];
  }[];
}

/** What axe, loaded before, finds in the panels' own content: what Grafana draws around it is not ours. */
export async function runAxe(): Promise<{ panel: number; rule: string; html: string }[]> {
  const { axe } = window as unknown as {
    axe: { run: (context: object, options: object) => Promise<AxeResults> };
  };
  const include = [...document.querySelectorAll(PANELS)]
    .map((panel) => `[data-testid="panel ${idOf(panel)}"] ${CONTENT}`)
    .filter((selector) => document.querySelector(selector) !== null)
    .map((selector) => [selector]);
  const { violations } = await axe.run(
    { include },
    {
      resultTypes: ['violations'],
      // Experimental. A label of several lines is one text to it, which no name with a unit between them contains.
      rules: { 'label-content-name-mismatch': { enabled: false } },
    },
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html }) => ({
      panel: Number(idOf(document.querySelector(target[0] ?? '')?.closest(PANELS) ?? null)),
      rule: id,
      html: html.slice(0, 200),
    })),
  );
}

export { focus } from './focus';
export { dimmed, pointOn } from './hover';
export { layoutShifts, places, watchLayoutShifts } from './shifts';
