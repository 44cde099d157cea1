import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { applyToGrafana, pullFromGrafana, type Target } from '@rastreio/grafana';
import type { Page } from 'playwright-core';
import type { Context } from './context';
import { same } from './same';
import { signIn } from './signIn';

const RULE = 'rastreio-silencio';
const TIMEOUT_MS = 90_000;

/**
 * Edits a panel's title and a rule's name on the screen as a person does, and brings both into git.
 *
 * @param dashboard the uid of the dashboard of which the first panel is edited
 * @param fresh where the result is applied and pulled again
 * @throws OperatorError that says what was not as it should be
 */
export async function runGesture(
  context: Context,
  dashboard: string,
  fresh: Target | undefined,
): Promise<Record<string, unknown>> {
  const { checkout, target, say } = context;
  const { folders } = checkout;
  await applyToGrafana({ ...target, folders, force: true });
  await pullFromGrafana({ ...target, folders, force: true });
  same('apply, then pull: changed lines', await checkout.changedLines(), []);
  say('applied; a pull changes nothing');

  const page = await signIn(context);
  const panel = await editPanel(page, context, dashboard);
  say(`panel "${panel.before}" of ${dashboard} renamed on the screen; Grafana shows ${panel.changes} change`);
  const rule = await editRule(page, context);
  say(`rule "${rule.before}" renamed on the screen`);
  await page.context().close();

  await pullFromGrafana({ ...target, folders });
  const lines = await checkout.changedLines();
  same('lines of the diff after the edits', lines.length, 4);
  for (const text of [panel.before, panel.after, rule.before, rule.after])
    same(
      `"${text}" in the diff`,
      lines.some((line) => line.includes(text)),
      true,
    );
  say(`pulled: ${lines.map((line) => line.replace(/\s+/g, ' ')).join(' ')}`);
  await checkout.commit();
  const again = await applyToGrafana({ ...target, folders });
  same('applied again: kept', again.kept.length, 0);
  same('applied again: updated', again.updated.length, 0);
  if (fresh !== undefined) {
    await applyToGrafana({ ...fresh, folders });
    await pullFromGrafana({ ...fresh, folders });
    same('applied to a fresh Grafana, then pulled: changed lines', await checkout.changedLines(), []);
    say('applied to a fresh Grafana; a pull changes nothing');
  }
  return { changes_shown: panel.changes, diff_lines: lines.length, fresh: fresh !== undefined };
}

interface Edit {
  readonly before: string;
  readonly after: string;
}

interface Panel {
  readonly id: number;
  readonly type: string;
}

async function firstPanel(folder: string, dashboard: string): Promise<number> {
  const { panels } = JSON.parse(await readFile(path.join(folder, `${dashboard}.json`), 'utf8')) as {
    readonly panels: readonly Panel[];
  };
  const first = panels.find(({ type }) => type !== 'row' && type !== 'text');
  if (first === undefined) throw new RangeError(`${dashboard} has no panel`);
  return first.id;
}

async function editPanel(
  page: Page,
  { checkout, target, screenshots }: Context,
  dashboard: string,
): Promise<Edit & { changes: number }> {
  const panel = await firstPanel(checkout.folders.dashboards, dashboard);
  await page.goto(`${target.url}/d/${dashboard}?editPanel=${panel}`);
  const title = page.getByTestId('data-testid Panel editor option pane field input Title');
  await title.waitFor({ timeout: TIMEOUT_MS });
  const before = await title.inputValue();
  const after = `${before} (editado)`;
  await title.fill(after);
  await title.blur();
  await page.getByTestId('data-testid Save dashboard button').first().click();
  const drawer = page.getByRole('dialog');
  const changesTab = drawer.getByRole('tab').last();
  await changesTab.click();
  const changes = Number(/\d+/.exec(await changesTab.innerText())?.[0] ?? '0');
  if (screenshots !== undefined) await page.screenshot({ path: `${screenshots}/changes.png` });
  same('changes that Grafana shows for one edit', changes, 1);
  await drawer.getByRole('tab').first().click();
  const saved = page.waitForResponse((r) => r.request().method() !== 'GET' && /dashboards/.test(r.url()));
  await page.getByTestId('data-testid Save dashboard drawer button').click();
  same('Grafana’s answer to the save', (await saved).status(), 200);
  await page.goto(`${target.url}/d/${dashboard}`);
  await page.reload();
  await page.getByText(after).first().waitFor({ timeout: TIMEOUT_MS });
  if (screenshots !== undefined) await page.screenshot({ path: `${screenshots}/panel-saved.png` });
  return { before, after, changes };
}

async function editRule(page: Page, { target, screenshots }: Context): Promise<Edit> {
  const name = page.getByTestId('data-testid alert-rule name-field');
  const open = async () => {
    await page.goto(`${target.url}/alerting/${RULE}/edit`);
    await name.waitFor({ timeout: TIMEOUT_MS });
  };
  await open();
  const before = await name.inputValue();
  const after = `${before} (editada)`;
  await name.fill(after);
  const saved = page.waitForResponse((r) => r.request().method() === 'POST' && /\/ruler\//.test(r.url()));
  await page.getByTestId('save-rule').click();
  same('Grafana’s answer to the save of the rule', (await saved).status(), 202);
  await open();
  if (screenshots !== undefined) await page.screenshot({ path: `${screenshots}/rule-saved.png` });
  same('the rule’s name after a reload', await name.inputValue(), after);
  return { before, after };
}
