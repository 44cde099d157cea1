import { readdirSync, rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openDashboard } from './support/browser';
import type { Box } from './support/box';
import { DIFFERENT, Pictures, PICTURES } from './support/pictures';
import { SECTIONS, VARIANTS, type Section } from './support/variants';

let browser: Browser;
const pictures = new Pictures();
beforeAll(async () => {
  rmSync(DIFFERENT, { recursive: true, force: true });
  browser = await openBrowser();
});
afterAll(async () => {
  pictures.close();
  await browser.close();
});

const slug = (title: string) => title.toLowerCase().replace(/\W+/g, '-');
const nameOf = (section: Section, variant: string) => `${slug(section.title)}-${variant}`;

describe.each(VARIANTS)('$name', ({ name, gallery, theme, pageWidth }) => {
  let page: Page;
  let boxes: Record<number, Box>;
  beforeAll(async () => {
    ({ page } = await openDashboard(browser, { uid: gallery.uid, query: { theme }, width: pageWidth }));
    boxes = await page.evaluate<Record<number, Box>>('gallery.panelBoxes()');
  });
  afterAll(() => page.close());

  test.each(SECTIONS)('$title', async (section) => {
    const parts = section.panels.map(({ id, title }) => ({ title, box: boxes[id] ?? fail(title) }));
    const top = Math.min(...parts.map(({ box }) => box.top));
    const height = Math.max(...parts.map(({ box }) => box.top + box.height)) - top;
    // What is outside the viewport, Chromium may draw as it was some time ago.
    await page.setViewportSize({ width: pageWidth, height: Math.ceil(height) });
    const scrolled = await page.evaluate<number>(`gallery.scrollToLine(${top})`);
    const screenshot = await page.screenshot({
      clip: { x: 0, y: top - scrolled, width: pageWidth, height },
      animations: 'disabled',
      caret: 'hide',
    });
    const inPicture = parts.map(({ title, box }) => ({ title, box: { ...box, top: box.top - top } }));
    expect(await pictures.compare(nameOf(section, name), screenshot, inPicture)).toEqual([]);
  });
});

test('there is no picture of something that is gone', () => {
  const names = VARIANTS.flatMap(({ name }) => SECTIONS.map((section) => `${nameOf(section, name)}.png`));
  expect(readdirSync(PICTURES).filter((file) => !names.includes(file))).toEqual([]);
});

function fail(title: string): never {
  throw new Error(`${title} is not on the page`);
}
