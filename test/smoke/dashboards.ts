import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { withClient } from '@rastreio/database';
import { OperatorError } from '@rastreio/runtime';
import { CHROMIUM_ARGS, ensureChromium } from '@rastreio/browser';
import type { Stack } from '@rastreio/stack';
import { chromium, type Browser, type Page } from 'playwright-core';

const UIDS = ['entregas-tempo-real', 'entregas-lote'] as const;
const THEMES = ['light', 'dark'] as const;
const TIMEOUT_MS = 30_000;

/** Opens both dashboards in both themes: no error in the console or in a panel, and the database's figures on the page. */
export async function checkDashboards(
  stack: Stack,
  databaseUrl: string,
): Promise<{ panels: number; screenshots: string | null }> {
  const executablePath = await ensureChromium({ info: (text) => void process.stderr.write(`${text}\n`) });
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
  const folder = process.env.SCREENSHOTS ?? null;
  if (folder !== null) await mkdir(folder, { recursive: true });
  let panels = 0;
  try {
    for (const uid of UIDS)
      for (const theme of THEMES)
        panels += await openDashboard(browser, stack, databaseUrl, uid, theme, folder);
    return { panels, screenshots: folder };
  } finally {
    await browser.close();
  }
}

async function openDashboard(
  browser: Browser,
  stack: Stack,
  databaseUrl: string,
  uid: (typeof UIDS)[number],
  theme: string,
  folder: string | null,
): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1500 }, locale: 'pt-BR' });
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(`${stack.dashboardsUrl}/d/${uid}?theme=${theme}`);
  const delivered = page.getByTestId('rastreio-tracking table-row ENTREGUE');
  await delivered.waitFor({ timeout: TIMEOUT_MS });
  await settle(page);
  const shown = Number((await delivered.innerText()).replace(/^\D*([\d.,]+).*$/s, '$1').replace(/\D/g, ''));
  const wanted = uid === 'entregas-lote' ? 15 : await deliveredCount(databaseUrl);
  if (shown !== wanted) problems.push(`the table shows ${shown} ENTREGUE, the database has ${wanted}`);
  if (uid === 'entregas-lote' && !(await page.getByText('2 dias, 08:42:00').isVisible()))
    problems.push('the mean "2 dias, 08:42:00" is not on the page');
  const slice = page.getByTestId('rastreio-tracking slice ENTREGUE');
  if (!(await slice.isVisible())) problems.push('the pie has no slice ENTREGUE');
  for (const alert of await page.getByTestId(/data-testid Panel status/).all())
    problems.push(`a panel reports: ${await alert.innerText()}`);
  // The preview's and Grafana's.
  const count =
    (await page.getByTestId(/^panel \d+$/).count()) ||
    (await page.getByTestId(/^data-testid Panel header /).count());
  if (count === 0) problems.push('there is no panel');
  if (folder !== null) await page.screenshot({ path: path.join(folder, `${uid}-${theme}.png`) });
  await page.close();
  if (problems.length > 0) throw new OperatorError(`${uid} (${theme}): ${problems.join('; ')}`);
  return count;
}

/** Until nothing is being asked for, for half a second. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: TIMEOUT_MS });
}

async function deliveredCount(databaseUrl: string): Promise<number> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ n: number }>(
      `SELECT total_pacotes::int AS n FROM status_dos_pacotes WHERE status_rastreamento = 'ENTREGUE'`,
    );
    return rows[0]?.n ?? 0;
  });
}
