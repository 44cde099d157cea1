import { CHROMIUM_ARGS, ensureChromium } from '@rastreio/browser';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Of every page: what is relative to "now" looks the same on any day. Data arrive at the first and are looked at at the second. */
const ARRIVAL = '2026-01-02T00:00:00Z';
const NOW = '2026-01-02T00:07:30Z';
const TIMEOUT_MS = 120_000;

// The same pixels on every machine: no hinting by the system's settings, no sub-pixel colors, one color space.
const PICTURE_ARGS = ['--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'];

/** What a page said that it should not have said. */
export interface OpenPage {
  readonly page: Page;
  readonly problems: string[];
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = await ensureChromium({
    info: (text) => void process.stderr.write(`${text}\n`),
  });
  return chromium.launch({ executablePath, args: [...CHROMIUM_ARGS, ...PICTURE_ARGS] });
}

interface OpenOptions {
  readonly uid: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly width: number;
  readonly height?: number;
  /** Address of the preview; unset: the one with the React that Grafana 12 has. */
  readonly url?: string;
}

/** Opens a dashboard without the preview's toolbar and waits until all of it is drawn. */
export async function openDashboard(
  browser: Browser,
  { uid, query = {}, width, height = 900, url }: OpenOptions,
): Promise<OpenPage> {
  const page = await browser.newPage({
    viewport: { width, height },
    ...{ locale: 'pt-BR', timezoneId: 'UTC', reducedMotion: 'reduce' },
  });
  page.setDefaultTimeout(TIMEOUT_MS);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.clock.setSystemTime(ARRIVAL);
  const { GALLERY_URL = '', GALLERY_SCRIPT = '' } = process.env;
  await page.addInitScript({ path: GALLERY_SCRIPT });
  await page.goto(
    `${url ?? GALLERY_URL}/d/${uid}?${new URLSearchParams({ kiosk: '', ...query }).toString()}`,
  );
  await settled(page);
  return { page, problems };
}

/** Some minutes pass at once, until the badge of the demo with old data is there: its text stays for a minute. */
export async function letDataGrowOld(page: Page): Promise<void> {
  await page.clock.setSystemTime(NOW);
  await page.getByTestId('rastreio-tracking stale-badge').waitFor();
}

/** Until every panel has its data and has drawn them, a frame ago. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction('gallery.allPanelsAnswered()');
  await page.evaluate('gallery.nextFrames(2)');
}
