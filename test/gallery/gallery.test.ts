import { readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { letDataGrowOld, openBrowser, openDashboard, type OpenPage } from './support/browser';
import type { Box } from './support/box';
import { systemFonts } from './support/fonts';
import { DIFFERENT, Pictures, PICTURES } from './support/pictures';
import { GALLERY, LOOKED_AT, SECTIONS, VARIANTS, type Section } from './support/variants';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** Here the dashboard's author chose the colors of texts, and Grafana's stat paints them as they are. */
const AUTHORS_COLORS = ['Cards: units', 'Cards: colored value', 'Cards: series'];

const pictures = new Pictures();
let browser: Browser;
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

describe.each(LOOKED_AT)('$name', ({ name, gallery, theme, pageWidth }) => {
  let open: OpenPage;
  let boxes: Record<number, Box>;
  beforeAll(async () => {
    open = await openDashboard(browser, { uid: gallery.uid, query: { theme }, width: pageWidth });
    await letDataGrowOld(open.page);
    boxes = await open.page.evaluate<Record<number, Box>>('gallery.panelBoxes()');
  });
  afterAll(() => open.page.close());

  test.each(SECTIONS)('picture: $title', async (section) => {
    const parts = section.panels.map(({ id, title }) => ({ title, box: boxes[id] ?? missing(title) }));
    const top = Math.min(...parts.map(({ box }) => box.top));
    const height = Math.max(...parts.map(({ box }) => box.top + box.height)) - top;
    // What is outside the viewport, Chromium may draw as it was some time ago.
    await open.page.setViewportSize({ width: pageWidth, height: Math.ceil(height) });
    const scrolled = await open.page.evaluate<number>(`gallery.scrollToLine(${top})`);
    const screenshot = await open.page.screenshot({
      clip: { x: 0, y: top - scrolled, width: pageWidth, height },
      animations: 'disabled',
      caret: 'hide',
    });
    const inPicture = parts.map(({ title, box }) => ({ title, box: { ...box, top: box.top - top } }));
    expect(await pictures.compare(nameOf(section, name), screenshot, inPicture)).toEqual([]);
  });

  test('no label overlaps another or leaves the pie', async () => {
    expect(await open.page.evaluate('gallery.labelCount()')).toBeGreaterThan(50);
    expect(await open.page.evaluate('gallery.misplacedLabels()')).toEqual([]);
  });

  test('no number in a legend is cut', async () => {
    expect(await open.page.evaluate('gallery.legendNumberCount()')).toBeGreaterThan(100);
    expect(await open.page.evaluate('gallery.cutNumbers()')).toEqual([]);
  });

  test('no text is drawn with a font of the system', async () =>
    expect(await systemFonts(open.page)).toEqual([]));

  test('axe finds nothing', async () => {
    // Where the preview's module loader is, axe would take itself for an AMD module.
    await open.page.evaluate(`{ let define; ${AXE} }`);
    const found = await open.page.evaluate<AxeFinding[]>('gallery.runAxe()');
    const ours = found
      .map((finding) => ({ ...finding, title: titleOf(finding.panel) }))
      .filter(({ title, rule }) => rule !== 'color-contrast' || !AUTHORS_COLORS.includes(title));
    expect(ours).toEqual([]);
  });

  test('the console has stayed empty', () => expect(open.problems).toEqual([]));
});

test('there is no picture of something that is gone', () => {
  const names = VARIANTS.flatMap(({ name }) => SECTIONS.map((section) => `${nameOf(section, name)}.png`));
  expect(readdirSync(PICTURES).filter((file) => !names.includes(file))).toEqual([]);
});

interface AxeFinding {
  readonly panel: number;
  readonly rule: string;
  readonly html: string;
}

const titleOf = (id: number) => GALLERY.panels.find((panel) => panel.id === id)?.title ?? '';

function missing(title: string): never {
  throw new Error(`${title} is not on the page`);
}
