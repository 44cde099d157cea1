import type { Browser, Locator, Page } from 'playwright-core';
import { openBrowser, openDashboard, type OpenPage } from './support/browser';
import { GALLERY } from './support/variants';

// The built panel, unchanged, on the React that Grafana 13.2 shares with plugins. In the page, React warns.
let browser: Browser;
let open: OpenPage;
let page: Page;
let atLoad: string[];
beforeAll(async () => {
  browser = await openBrowser();
  const { GALLERY_URL_REACT_19: url = '' } = process.env;
  open = await openDashboard(browser, { uid: GALLERY.uid, width: 1496, url });
  ({ page } = open);
  atLoad = [...open.problems];
});
afterAll(() => browser.close());
afterEach(() => expect(open.problems.slice(atLoad.length)).toEqual([]));

const idOf = (title: string) =>
  GALLERY.panels.find((panel) => panel.title === title && panel.type !== 'row')?.id ?? NaN;
const part = (title: string, id: string | RegExp): Locator =>
  page.getByTestId(`panel ${idOf(title)}`).getByTestId(id);

test('the page is on React 19', async () => {
  const version = await page.evaluate(
    `System.import('app:shared/react').then((react) => react.version ?? react.default.version)`,
  );
  expect(version).toMatch(/^19\./);
});

/** React counts the icons of all panels, which react-inlinesvg gives their state as their files arrive, as one component. */
const ICONS =
  /^Maximum update depth exceeded. This can happen when a component calls setState inside useEffect/;

test('React has no complaint of the panels as they are drawn', () =>
  expect(atLoad.filter((text) => !ICONS.test(text))).toEqual([]));

test('every panel of the gallery is drawn', async () => {
  const drawn = await page.getByTestId('rastreio-tracking panel').count();
  expect(drawn).toBe(GALLERY.panels.filter(({ type }) => type === 'rastreio-tracking-panel').length);
  expect(await page.evaluate('gallery.labelCount()')).toBeGreaterThan(50);
  expect(await page.evaluate('gallery.misplacedLabels()')).toEqual([]);
  expect(await page.evaluate('gallery.legendNumberCount()')).toBeGreaterThan(100);
  expect(await page.evaluate('gallery.cutNumbers()')).toEqual([]);
});

test('a slice that is pointed at has a tooltip, and lights up elsewhere', async () => {
  await page.getByTestId(`panel ${idOf('Shared highlight')}`).scrollIntoViewIfNeeded();
  const { x, y } = await page.evaluate<{ x: number; y: number }>(
    `gallery.pointOn(${idOf('Shared highlight')}, 'EXTRAVIADO')`,
  );
  await page.mouse.move(x, y);
  await page.getByTestId('rastreio-tracking tooltip').filter({ hasText: 'EXTRAVIADO' }).waitFor();
  await page.evaluate('gallery.nextFrames(2)');
  expect(await page.evaluate(`gallery.dimmed(${idOf('Pie')})`)).toContain('ENTREGUE');
  await page.mouse.move(0, 0);
  await page.getByTestId('rastreio-tracking tooltip').waitFor({ state: 'detached' });
});

test('a click on a slice selects, in legend and table too; the keyboard walks on; Escape clears', async () => {
  const title = 'All parts';
  const pressed = '[aria-pressed="true"]';
  await part(title, 'rastreio-tracking slice CANCELADO').scrollIntoViewIfNeeded();
  const { x, y } = await page.evaluate<{ x: number; y: number }>(
    `gallery.pointOn(${idOf(title)}, 'CANCELADO')`,
  );
  await page.mouse.click(x, y);
  await part(title, 'rastreio-tracking legend-item CANCELADO').locator(pressed).waitFor();
  await part(title, 'rastreio-tracking table-row CANCELADO').locator(pressed).waitFor();
  await page.keyboard.press('Escape');
  await part(title, 'rastreio-tracking legend').locator(pressed).waitFor({ state: 'detached' });

  await part(title, 'rastreio-tracking legend-item ENTREGUE').getByRole('button').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await part(title, 'rastreio-tracking slice EM ROTA DE ENTREGA')
    .and(page.locator('[aria-selected="true"]'))
    .waitFor();
  await page.keyboard.press('Escape');
});

test('the table sorts, and a legend longer than its box scrolls to the entry that the keyboard walks to', async () => {
  const header = part('All parts', 'rastreio-tracking table').locator('th').first();
  await header.getByRole('button').click();
  await part('All parts', 'rastreio-tracking table').locator('th[aria-sort="ascending"]').waitFor();
  const legend = part('Legend of forty statuses', 'rastreio-tracking legend');
  await legend.getByRole('button').first().focus();
  await page.keyboard.press('End');
  const last = await legend.getByText('ETAPA 40').boundingBox();
  const box = await part('Legend of forty statuses', 'rastreio-tracking panel').boundingBox();
  expect((last?.y ?? NaN) + (last?.height ?? 0)).toBeLessThanOrEqual((box?.y ?? NaN) + (box?.height ?? 0));
  expect((await page.evaluate<{ name: string }>('gallery.focus()')).name).toContain('ETAPA 40');
});
