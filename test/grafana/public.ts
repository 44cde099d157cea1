import { OperatorError } from '@rastreio/runtime';
import type { Page } from 'playwright-core';
import type { Context } from './context';
import { same } from './same';
import { signIn } from './signIn';

const BATCH = 'entregas-lote';
const REAL_TIME = 'entregas-tempo-real';
const TIMEOUT_MS = 90_000;

/** The batch page as a public dashboard and the real-time page as a snapshot, each opened by somebody who has not signed in. */
export async function openWithoutLogin(context: Context): Promise<Record<string, unknown>> {
  const page = await signIn(context);
  const api = page.context().request;
  const { url } = context.target;
  const shared = `${url}/api/dashboards/uid/${BATCH}/public-dashboards`;
  const existing = await api.get(shared);
  if (existing.ok()) {
    const { uid } = (await existing.json()) as { uid: string };
    await api.delete(`${shared}/${uid}`);
  }
  const made = await api.post(shared, {
    data: { isEnabled: true, timeSelectionEnabled: false, share: 'public' },
  });
  same('Grafana’s answer to sharing the batch page', made.status(), 200);
  const { uid, accessToken } = (await made.json()) as { uid: string; accessToken: string };
  try {
    await look(context, `/public-dashboards/${accessToken}`, 'public', 'Total de Pacotes Únicos no Sistema');
  } finally {
    await api.delete(`${shared}/${uid}`);
  }
  const key = await publishSnapshot(page, context);
  await page.context().close();
  await look(context, `/dashboard/snapshot/${key}`, 'snapshot', 'Pacotes por Status Atual');
  return { public_dashboard: true, snapshot: true };
}

/** Through the screen: a snapshot holds what the page shows. */
async function publishSnapshot(page: Page, { target }: Context): Promise<string> {
  await page.goto(`${target.url}/d/${REAL_TIME}?shareView=snapshot`);
  const publish = page.getByTestId('data-testid share snapshot publish button');
  await publish.waitFor({ timeout: TIMEOUT_MS });
  // What the panels show is what the snapshot keeps.
  await page.getByText('Total de Pacotes Únicos no Sistema').first().waitFor({ timeout: TIMEOUT_MS });
  const published = page.waitForResponse(
    (r) => r.request().method() === 'POST' && /\/api\/snapshots/.test(r.url()),
  );
  await publish.click();
  const { key } = (await (await published).json()) as { key: string };
  return key;
}

async function look(
  { browser, target, screenshots, say }: Context,
  path: string,
  name: string,
  text: string,
): Promise<void> {
  const stranger = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'pt-BR' });
  const page = await stranger.newPage();
  const errors: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
  page.on('pageerror', (error) => void errors.push(error.message));
  try {
    await page.goto(target.url + path);
    await page.getByText(text).first().waitFor({ timeout: TIMEOUT_MS });
    if (screenshots !== undefined) await page.screenshot({ path: `${screenshots}/${name}.png` });
    if (errors.length > 0)
      throw new OperatorError(`${path}: the browser's console has ${errors.slice(0, 3).join('; ')}`);
    say(`opened without signing in: ${name}`);
  } finally {
    await stranger.close();
  }
}
