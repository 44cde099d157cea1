import { writeFile } from 'node:fs/promises';
import { CHROMIUM_ARGS, ensureChromium } from '@rastreio/browser';
import { OperatorError } from '@rastreio/runtime';
import type { Page } from 'playwright-core';
import { authorization, type Target } from './auth';
import { createClient } from './client';
import { readDashboardFiles } from './dashboardFiles';
import { dashboardForm, dashboardText } from './dashboardForm';
import { readDashboards } from './dashboardScreen';
import type { Folders } from './folders';
import { asText, isObject, same, type Json, type JsonObject } from './json';

/** High enough for all panels of a dashboard to be in sight, since those that are not are not completed by the screen. */
const SIZE = { width: 1600, height: 6000 };
const LOAD_MS = 60_000;
const SETTLE_MS = 3_000;
/** The scene that Grafana's dashboard page keeps on its window, from 11 on. */
const SAVE_MODEL = '(() => window.__grafanaSceneContext?.getSaveModel?.())()';

/**
 * Brings the files of dashboards that Grafana has as they are into the form in which its screen saves them; the next apply brings that form
 * into Grafana.
 *
 * @returns the files that changed
 * @throws OperatorError as {@link savedForms}
 */
export async function writeSavedForms(target: Target, folders: Folders): Promise<readonly string[]> {
  const files = await readDashboardFiles(folders.dashboards);
  const client = createClient(target);
  const screen = await readDashboards(
    client,
    files.map(({ dashboard }) => asText(dashboard.uid)),
  );
  const settled = files.filter(({ dashboard }) => {
    const now = screen.get(asText(dashboard.uid));
    return now !== undefined && now.lost.length === 0 && same(now.dashboard, dashboardForm(dashboard));
  });
  const forms = await savedForms(
    target,
    settled.map(({ dashboard }) => asText(dashboard.uid)),
  );
  const written: string[] = [];
  for (const { file, text, dashboard } of settled) {
    const form = forms.get(asText(dashboard.uid));
    if (form === undefined || dashboardText(form) === text) continue;
    await writeFile(file, dashboardText(form));
    written.push(file);
  }
  return written;
}

/**
 * What Grafana's screen would save of dashboards that nobody edited: with the defaults that it fills in and without what it does not know.
 * Files in this form show one change in Grafana's own list of changes for one edit.
 *
 * @throws OperatorError for a dashboard that the browser cannot draw
 */
async function savedForms(target: Target, uids: readonly string[]): Promise<ReadonlyMap<string, JsonObject>> {
  const executablePath = await ensureChromium({ info: (text) => void process.stderr.write(`${text}\n`) });
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
  try {
    const context = await browser.newContext({
      viewport: SIZE,
      extraHTTPHeaders: { authorization: authorization(target.auth) },
    });
    const forms = new Map<string, JsonObject>();
    for (const uid of uids) {
      const page = await context.newPage();
      forms.set(uid, await savedForm(page, target.url, uid));
      await page.close();
    }
    return forms;
  } finally {
    await browser.close();
  }
}

async function savedForm(page: Page, url: string, uid: string): Promise<JsonObject> {
  await page.goto(`${url}/d/${uid}`, { timeout: LOAD_MS });
  await page.waitForFunction(SAVE_MODEL, undefined, { timeout: LOAD_MS });
  await page.waitForLoadState('networkidle', { timeout: LOAD_MS });
  await page.waitForTimeout(SETTLE_MS);
  // A panel whose plugin is missing would lose its options in the form that is saved.
  if ((await page.getByText('Panel plugin not found').count()) > 0)
    throw new OperatorError(
      `Dashboard "${uid}": this Grafana lacks the plugin of one of its panels; install it`,
    );
  const model = await page.evaluate<Json>(SAVE_MODEL);
  if (!isObject(model)) throw new OperatorError(`Dashboard "${uid}" could not be read off the screen`);
  return model;
}
