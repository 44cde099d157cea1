import type { Browser, Locator, Page } from 'playwright-core';
import { openBrowser, openDashboard, type OpenPage } from './support/browser';
import { KINDS_DASHBOARD } from './support/kinds';

let browser: Browser;
let open: OpenPage;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  open = await openDashboard(browser, { uid: KINDS_DASHBOARD.uid, width: 1280 });
  ({ page } = open);
});
afterAll(() => browser.close());
afterEach(() => {
  expect(open.problems).toEqual([]);
});

const panel = (title: string) =>
  page.getByTestId(`panel ${KINDS_DASHBOARD.panels.find((each) => each.title === title)?.id ?? title}`);
const rows = (title: string) => panel(title).getByTestId('rastreio-tracking table').locator('tbody tr');
const texts = async (title: string) =>
  (await rows(title).allInnerTexts()).map((text) => text.split(/\s*\t\s*/).map((cell) => cell.trim()));
const boxOf = async (locator: Locator) => {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('it is not in sight');
  return box;
};
/** Pixels of the element's content that are out of sight. */
const hiddenWidth = (locator: Locator) =>
  locator.evaluate((element: unknown) => {
    const { scrollWidth, clientWidth } = element as { scrollWidth: number; clientWidth: number };
    return scrollWidth - clientWidth;
  });
/** A property of the element's style as it is drawn. */
const styleOf = (locator: Locator, name: string) =>
  locator.evaluate((element: unknown, property) => {
    const view = globalThis as unknown as { getComputedStyle: (of: unknown) => Record<string, string> };
    return view.getComputedStyle(element)[property];
  }, name);
const chosen = () => new URL(page.url()).searchParams.getAll('var-status');

test('a status that is no text is a status: its text in table, legend and pie, and the sum of all', async () => {
  expect(await texts('numbers')).toEqual([
    ['1', '15', '51,7%'],
    ['2', '8', '27,6%'],
    ['3', '6', '20,7%'],
  ]);
  expect((await texts('booleans')).map(([name]) => name)).toEqual(['ENTREGUE', 'Aberto', '(sem status)']);
  const fill = (title: string, id: string) =>
    panel(title).getByTestId(`rastreio-tracking slice ${id}`).locator('path').first().getAttribute('fill');
  expect(await fill('booleans', 'ENTREGUE')).toBe('#08906A');
});

test('two values of one name are one, in the color that an override gives this name', async () => {
  expect(await texts('one name')).toEqual([
    ['ENTREGUE', '15', '51,7%'],
    ['Fim', '14', '48,3%'],
  ]);
  expect(await rows('one name').nth(1).locator('th span').first().getAttribute('style')).toContain(
    'rgb(255, 0, 255)',
  );
});

test('cards of two queries with one column have two titles', async () => {
  const cards = panel('two queries').getByTestId(/^rastreio-tracking card /);
  expect((await cards.allInnerTexts()).map((text) => text.split('\n')[0])).toEqual([
    'Total de Pacotes Únicos no Sistema',
    'total_pacotes',
  ]);
});

test('a missing status is written whole in legend and label, is selected and let go', async () => {
  const name = panel('no status')
    .getByTestId(/^rastreio-tracking legend-item $/)
    .locator('button > span');
  expect(await name.last().innerText()).toBe('(sem status)');
  expect(await hiddenWidth(name.last())).toBe(0);
  expect(
    await panel('no status')
      .getByTestId(/^rastreio-tracking slice-label $/)
      .textContent(),
  ).toBe('(sem status)');
  const button = rows('no status').first().locator('button');
  await button.click();
  expect(chosen()).toEqual(['']);
  await rows('no status').locator('button[aria-pressed=true]').waitFor();
  await button.click();
  expect(chosen()).toEqual(['$__all']);
});

test('a drag over a name or a number selects its text and presses nothing', async () => {
  await page.evaluate('getSelection().removeAllRanges()');
  const before = chosen();
  for (const [part, text] of [
    [rows('no status').nth(1).locator('button'), 'OK'],
    [rows('no status').nth(1).locator('td').first(), '8'],
  ] as const) {
    const { x, y, width, height } = await boxOf(part);
    await page.mouse.move(x + 1, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width - 1, y + height / 2, { steps: 5 });
    await page.mouse.up();
    expect(await page.evaluate<string>('getSelection().toString().trim()')).toBe(text);
    expect(chosen()).toEqual(before);
  }
});

test('times are ordered by value, not by their text', async () => {
  await panel('times').getByRole('button', { name: 'desde' }).click();
  expect((await texts('times')).map((cells) => cells[1])).toEqual(['31/12/2025', '15/01/2026', '09/02/2026']);
});

test('a small panel shows its value or its pie first, whole', async () => {
  for (const [title, shown, least] of [
    ['small card', panel('small card').getByText('2 dias, 08:42:00'), 14],
    ['small pie', panel('small pie').getByTestId('rastreio-tracking slice ENTREGUE'), 30],
  ] as const) {
    const [box, around] = [await boxOf(shown), await boxOf(panel(title))];
    expect(box.height).toBeGreaterThanOrEqual(least);
    expect(box.y).toBeGreaterThanOrEqual(around.y);
    expect(box.y + box.height).toBeLessThanOrEqual(around.y + around.height);
  }
});

test('where the system chooses the colors, dots and bars of the table keep theirs', async () => {
  await page.emulateMedia({ forcedColors: 'active' });
  const row = rows('one name').first();
  expect(await styleOf(row.locator('th span').first(), 'backgroundColor')).toBe('rgb(8, 144, 106)');
  expect(await styleOf(row.locator('td').last(), 'backgroundImage')).toMatch(/^linear-gradient/);
  await page.emulateMedia({ forcedColors: 'none' });
});
