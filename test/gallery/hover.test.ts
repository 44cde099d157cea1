import type { Browser, Page } from 'playwright-core';
import { openBrowser, openDashboard, type OpenPage } from './support/browser';
import { GALLERY } from './support/variants';

let browser: Browser;
let open: OpenPage;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  open = await openDashboard(browser, { uid: GALLERY.uid, width: 1496 });
  ({ page } = open);
});
afterAll(() => browser.close());
afterEach(() => {
  expect(open.problems).toEqual([]);
});

const idOf = (title: string) =>
  GALLERY.panels.find((candidate) => candidate.title === title && candidate.type !== 'row')?.id ?? NaN;
const panel = (title: string) => page.getByTestId(`panel ${idOf(title)}`);
const tooltip = () => page.getByTestId('rastreio-tracking tooltip');
const dimmed = (title: string) => page.evaluate<string[]>(`gallery.dimmed(${idOf(title)})`);

async function pointAt(title: string, status: string): Promise<void> {
  await panel(title).scrollIntoViewIfNeeded();
  const place = JSON.stringify([idOf(title), status]);
  const { x, y } = await page.evaluate<{ x: number; y: number }>(`gallery.pointOn(...${place})`);
  await page.mouse.move(x, y);
}
const pointAway = () => page.mouse.move(0, 0);
const untilTooltipSays = (text: string) => tooltip().filter({ hasText: text }).waitFor();

test('a slice that is pointed at says what it is, beside the pointer', async () => {
  await pointAt('Pie', 'ENTREGUE');
  await tooltip().waitFor();
  expect(await tooltip().innerText()).toMatch(/^ENTREGUE\s+15 \(51,7%\)$/);
  const [box, view] = [await tooltip().boundingBox(), page.viewportSize()];
  expect(box && box.x >= 0 && box.x + box.width <= (view?.width ?? 0)).toBe(true);
  await pointAt('Pie', 'CANCELADO');
  await untilTooltipSays('CANCELADO');
  await pointAway();
  await tooltip().waitFor({ state: 'detached' });
});

test('the tooltip of the others opens to its parts, and one of all statuses lists them', async () => {
  await pointAt('Others: the five largest stay', '\uE000others');
  await tooltip().waitFor();
  expect(
    (await tooltip().innerText()).split('\n').filter((line) => /^[A-Z]/.test(line)).length,
  ).toBeGreaterThan(3);
  await pointAt('Tooltip with all, without zeros', 'ENTREGUE');
  await untilTooltipSays('EXTRAVIADO');
  await pointAway();
});

test('a status that is pointed at lights up in the other panels, and lets go', async () => {
  const [here, there] = ['Shared highlight', 'Pie'] as const;
  await pointAt(here, 'EXTRAVIADO');
  await page.evaluate('gallery.nextFrames(2)');
  expect(await dimmed(here)).not.toContain('EXTRAVIADO');
  const elsewhere = await dimmed(there);
  expect(elsewhere).toContain('ENTREGUE');
  expect(elsewhere).not.toContain('EXTRAVIADO');
  // One tooltip, where the pointer is.
  expect(await tooltip().count()).toBe(1);
  await pointAway();
  await page.evaluate('gallery.nextFrames(2)');
  expect(await dimmed(there)).toEqual([]);
});

test('a row of the table lights up its slice, and the slices of other panels', async () => {
  await panel('All parts').getByTestId('rastreio-tracking table-row CANCELADO').hover();
  await page.evaluate('gallery.nextFrames(2)');
  for (const title of ['All parts', 'Pie']) {
    expect(await dimmed(title)).toContain('ENTREGUE');
    expect(await dimmed(title)).not.toContain('CANCELADO');
  }
  await pointAway();
});
