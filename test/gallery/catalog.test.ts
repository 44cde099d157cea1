import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import type { Box } from './support/box';
import { openBrowser, openDashboard } from './support/browser';
import { Pictures } from './support/pictures';
import { GALLERY } from './support/variants';

// The pictures of the plugin's README and of Grafana's catalog are panels of the gallery, as they look now.
const PLUGIN = path.resolve(__dirname, '../../plugins/tracking-panel/src');
const FOLDER = path.join(PLUGIN, 'img/screenshots');
const SHOTS = [
  { name: 'all-parts', panel: 'All parts', theme: 'dark', width: 1000, height: 640 },
  { name: 'all-parts-light', panel: 'All parts', theme: 'light', width: 1000, height: 640 },
  { name: 'labels', panel: 'Labels outside', theme: 'dark', width: 800, height: 420 },
  { name: 'cards', panel: 'Cards: changes', theme: 'light', width: 900, height: 240 },
  { name: 'table', panel: 'Table: all tools', theme: 'dark', width: 900, height: 260 },
] as const;

const pictures = new Pictures(FOLDER);
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  pictures.close();
  await browser.close();
});

test.each(SHOTS)('picture for the catalog: $name', async ({ name, panel, theme, width, height }) => {
  const id = GALLERY.panels.find(({ title }) => title === panel)?.id;
  if (id === undefined) throw new Error(`the gallery has no panel "${panel}"`);
  const query = { theme, viewPanel: `panel-${id}` };
  const { page, problems } = await openDashboard(browser, { uid: GALLERY.uid, query, width, height });
  const { [id]: panelBox } = await page.evaluate<Record<number, Box>>('gallery.panelBoxes()');
  if (panelBox === undefined) throw new Error(`"${panel}" is not on the page`);
  const { left: x, top: y, ...size } = panelBox;
  const screenshot = await page.screenshot({
    clip: { x, y, ...size },
    animations: 'disabled',
    caret: 'hide',
  });
  const part = { title: panel, box: { left: 0, top: 0, ...size } };
  expect(await pictures.compare(name, screenshot, [part])).toEqual([]);
  expect(problems).toEqual([]);
  await page.close();
});

test('plugin.json lists them, and no other', () => {
  const { info } = JSON.parse(readFileSync(path.join(PLUGIN, 'plugin.json'), 'utf8')) as {
    info: { screenshots: { path: string }[] };
  };
  const files = SHOTS.map(({ name }) => `${name}.png`);
  expect(info.screenshots.map((screenshot) => screenshot.path)).toEqual(
    files.map((file) => `img/screenshots/${file}`),
  );
  expect(
    readdirSync(FOLDER)
      .filter((file) => file.endsWith('.png'))
      .sort(),
  ).toEqual([...files].sort());
});
