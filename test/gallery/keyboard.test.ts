import type { Browser, Page } from 'playwright-core';
import { openBrowser, openDashboard } from './support/browser';
import { GALLERY } from './support/variants';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const idOf = (title: string) => GALLERY.panels.find((panel) => panel.title === title)?.id ?? NaN;
const openAlone = (title: string) =>
  openDashboard(browser, {
    uid: GALLERY.uid,
    query: { viewPanel: `panel-${idOf(title)}` },
    width: 900,
  });

/** What has the focus, as a screen reader would say it, and how it stands. */
interface Focus {
  readonly name: string;
  readonly role: string;
  readonly selected: boolean;
  /** Whether a sighted person sees that it has the focus. */
  readonly isVisible: boolean;
}
const focus = (page: Page) => page.evaluate<Focus>('gallery.focus()');

/** Presses keys one after the other and answers where the focus is after each. */
async function walk(page: Page, keys: readonly string[]): Promise<Focus[]> {
  const stops: Focus[] = [];
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.evaluate('gallery.nextFrames(2)');
    stops.push(await focus(page));
  }
  return stops;
}

/** Tab through what Grafana itself makes a stop (the panel, its header, the legend's scroller), up to the next of ours. */
async function tabTo(page: Page, role: 'option' | 'button'): Promise<void> {
  for (let presses = 0; presses < 10; presses++) {
    await page.keyboard.press('Tab');
    if ((await focus(page)).role === role) return;
  }
  throw new Error(`Tab reaches no ${role}`);
}

test('pie, legend and table are one Tab stop each, walked by arrows; Enter selects, Escape clears', async () => {
  const { page, problems } = await openAlone('All parts');
  await tabTo(page, 'option');
  const names = async (...keys: string[]) => (await walk(page, keys)).map(({ name }) => name.split(',')[0]);

  expect((await focus(page)).name).toBe('ENTREGUE, 15 pacotes, 51,7 %');
  expect(await names('ArrowRight', 'End', 'Home')).toEqual([
    ...['EM ROTA DE ENTREGA', 'EM TRÂNSITO', 'ENTREGUE'],
  ]);
  expect((await walk(page, ['Enter'])).at(-1)).toMatchObject({ role: 'option', selected: true });
  expect((await walk(page, ['Escape'])).at(-1)).toMatchObject({ role: 'option', selected: false });

  await tabTo(page, 'button');
  expect(await names('ArrowDown', 'ArrowUp')).toEqual(['EM ROTA DE ENTREGA', 'ENTREGUE']);
  expect((await walk(page, ['Space'])).at(-1)).toMatchObject({ role: 'button', selected: true });
  expect((await walk(page, ['Escape'])).at(-1)).toMatchObject({ role: 'button', selected: false });

  const headings = await names('Tab', 'Tab', 'Tab');
  expect(headings).toEqual(['status_rastreamento', 'total_pacotes', 'Participação']);
  await page.keyboard.press('Enter');
  expect(await page.locator('th[aria-sort="ascending"], th[aria-sort="descending"]').count()).toBe(1);
  expect((await names('Tab', 'ArrowDown')).length).toBe(2);
  expect((await walk(page, ['Enter'])).at(-1)).toMatchObject({ role: 'button', selected: true });
  expect((await walk(page, ['Escape'])).at(-1)).toMatchObject({ role: 'button', selected: false });
  expect(problems).toEqual([]);
  await page.close();
});

test('wherever the focus goes, it is seen', async () => {
  const { page } = await openAlone('All parts');
  await tabTo(page, 'option');
  const stops = await walk(page, ['ArrowRight']);
  await tabTo(page, 'button');
  stops.push(...(await walk(page, ['ArrowDown', 'Tab', 'Tab', 'Tab', 'Tab', 'ArrowDown'])));
  expect(stops.filter(({ isVisible }) => !isVisible)).toEqual([]);
  expect(new Set(stops.map(({ role }) => role))).toEqual(new Set(['option', 'button']));
  await page.close();
});

test('cards alone that do not fit can be scrolled by keyboard', async () => {
  const { page } = await openDashboard(browser, { uid: GALLERY.uid, width: 1496 });
  const panel = page.getByTestId(`panel ${idOf('Cards: units')}`);
  await panel.getByTestId('rastreio-tracking panel').locator('[tabindex="0"]').first().focus();
  await page.keyboard.press('End');
  await panel.getByText('sem dados').waitFor();
  await page.waitForFunction(`document.activeElement.scrollTop > 0`);
  await page.close();
});

test('a selection filters the other panels through the variable, and follows it', async () => {
  const { page, problems } = await openDashboard(browser, { uid: GALLERY.uid, width: 1496 });
  const source = page.getByTestId(`panel ${idOf('Selection that filters')}`);
  const filtered = page.getByTestId(`panel ${idOf('Filtered by the selection')}`);
  const shown = () => filtered.getByTestId(/legend-item/).count();
  expect(await shown()).toBe(2);

  await source.getByTestId('rastreio-tracking slice CANCELADO').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/var-status=CANCELADO$/);
  await filtered.getByTestId('rastreio-tracking legend-item CANCELADO').waitFor();
  expect(await shown()).toBe(1);

  await page.keyboard.press('Escape');
  await page.waitForURL(/var-status=\$__all|var-status=%24__all/);
  await filtered.getByTestId('rastreio-tracking legend-item ENTREGUE').waitFor();
  expect(await shown()).toBe(6);

  await page.goBack();
  expect(problems).toEqual([]);
  await page.close();
});
