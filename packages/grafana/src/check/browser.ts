import { CHROMIUM_ARGS, ensureChromium } from '@rastreio/browser';
import type { Page } from 'playwright-core';
import { authorization, type Target } from '../auth';
import { asText, type JsonObject } from '../json';
import type { Row } from './row';

const SIZE = { width: 1280, height: 720 };
const LOAD_MS = 60_000;
/** After the last request. */
const SETTLE_MS = 2_000;
const SHOWN = 160;
/** Grafana asks whether a dashboard is shared publicly; where it is not, the answer is 404, which the browser writes to its console. */
const NOT_SHARED = /\/public-dashboards$/;

/** Opens every dashboard in a browser: no error on the console, no panel with an error mark, no panel of an unknown kind. */
export async function checkInBrowser(
  target: Target,
  dashboards: readonly JsonObject[],
  query: string,
): Promise<readonly Row[]> {
  const executablePath = await ensureChromium({ info: (text) => void process.stderr.write(`${text}\n`) });
  // The other commands do without it.
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
  try {
    const context = await browser.newContext({
      viewport: SIZE,
      extraHTTPHeaders: { authorization: authorization(target.auth) },
    });
    const rows: Row[] = [];
    for (const dashboard of dashboards) {
      const page = await context.newPage();
      rows.push(await checkPage(page, target, dashboard, query));
      await page.close();
    }
    return rows;
  } finally {
    await browser.close();
  }
}

async function checkPage(page: Page, { url }: Target, dashboard: JsonObject, query: string): Promise<Row> {
  const uid = asText(dashboard.uid);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !NOT_SHARED.test(message.location().url))
      problems.push(`console: ${message.text()} ${message.location().url}`.slice(0, SHOWN));
  });
  page.on('pageerror', (error) => problems.push(`page: ${error.message}`.slice(0, SHOWN)));
  const started = performance.now();
  try {
    await page.goto(`${url}/d/${uid}${query}`, { timeout: LOAD_MS });
    await page.waitForSelector(
      '[data-testid^="data-testid Panel header"], [data-panelid], .react-grid-item',
      {
        timeout: LOAD_MS,
      },
    );
    await page.waitForLoadState('networkidle', { timeout: LOAD_MS });
  } catch (error) {
    problems.push((error as Error).message.split('\n')[0] ?? '');
  }
  const ms = Math.round(performance.now() - started);
  await page.waitForTimeout(SETTLE_MS);
  // Panels below the first screen are drawn when they come into sight.
  await scrollThrough(page);
  problems.push(...(await panelErrors(page)));
  const shown = [...new Set(problems)];
  return {
    part: 'browser',
    what: `dashboard ${uid}`,
    ok: shown.length === 0,
    ms,
    detail: shown.length === 0 ? 'drawn' : shown.join('; '),
  };
}

async function scrollThrough(page: Page): Promise<void> {
  await page.mouse.move(SIZE.width / 2, SIZE.height / 2);
  for (let seen = 0; seen < 10; seen++) {
    await page.mouse.wheel(0, SIZE.height);
    await page.waitForTimeout(SETTLE_MS / 4);
  }
  await page.waitForLoadState('networkidle', { timeout: LOAD_MS }).catch(() => undefined);
}

/** Panels with the mark of an error, by what it says. */
async function panelErrors(page: Page): Promise<readonly string[]> {
  const header = 'data-testid Panel header ';
  const marked = page.locator(
    `[data-testid^="${header}"]:has([data-testid^="data-testid Panel status error"])`,
  );
  const marks: string[] = [];
  for (const panel of await marked.all())
    marks.push(((await panel.getAttribute('data-testid')) ?? '').slice(header.length));
  const unknown = await page.getByText('Panel plugin not found').count();
  return [
    ...marks.map((title) => `panel with an error: ${title}`),
    ...(unknown > 0 ? [`${unknown} panels whose plugin is not there`] : []),
  ];
}
