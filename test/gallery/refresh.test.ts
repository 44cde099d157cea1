import type { Browser } from 'playwright-core';
import { openBrowser, openDashboard } from './support/browser';
import { LIVE } from './support/live';

const REFRESHES = 3;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

test('while figures change at every refresh, nothing moves', async () => {
  const { page, problems } = await openDashboard(browser, {
    uid: LIVE.uid,
    query: { refresh: '1s' },
    width: 1200,
  });
  const places = () => page.evaluate<Record<string, string>>('gallery.places()');
  const figures = () => page.getByTestId('rastreio-tracking cards').innerText();
  await page.evaluate('gallery.watchLayoutShifts()');
  const before = await places();
  expect(Object.keys(before).length).toBeGreaterThan(10);
  const seen = new Set([await figures()]);
  while (seen.size <= REFRESHES) {
    await page.waitForTimeout(100);
    seen.add(await figures());
  }
  expect(await places()).toEqual(before);
  expect(await page.evaluate('gallery.layoutShifts()')).toEqual([]);
  expect(problems).toEqual([]);
  await page.close();
});
