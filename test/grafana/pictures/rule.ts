import type { Locator, Page } from 'playwright-core';
import { same } from '../same';
import type { Camera } from './camera';

/** The rule that the pages make: its title is also what its notices have as `alertname`. */
export const RULE = {
  title: 'Rota lenta para São Paulo',
  group: 'minhas',
  folder: 'Rastreio',
  limit: 100,
};

const SQL = `SELECT rota, media AS horas
FROM alerta_rotas
WHERE rota LIKE '% → São Paulo'
ORDER BY media DESC`;
const SUMMARY = `{{ $labels.rota }}: {{ printf "%.0f" $values.B.Value }} h em média, acima de ${RULE.limit} h`;

/** Makes the rule on the screen as docs/alerts-by-hand.md says. @returns its uid */
export async function makeRule(page: Page, url: string, camera: Camera): Promise<string> {
  await page.goto(`${url}/alerting/new/alerting`);
  await page.getByTestId('data-testid alert-rule name-field').fill(RULE.title);
  await writeQuery(page);
  await page.locator('input[type=number]').first().fill(String(RULE.limit));
  const preview = page.getByRole('button', { name: 'Visualizar condição de regra de alerta' });
  await camera.take(page, 'alerta-consulta', step(page, 1), preview);
  await preview.click();
  await page.getByText('Firing', { exact: true }).first().waitFor();
  const fourthNormal = page.getByText('Normal', { exact: true }).nth(3);
  await camera.take(page, 'alerta-previa', page.getByText('Condição do alerta'), fourthNormal);

  await page.getByRole('button', { name: 'Selecionar pasta' }).click();
  await page.getByText(RULE.folder, { exact: true }).last().click();
  await page.getByRole('button', { name: 'Novo grupo de avaliação' }).click();
  await page.getByTestId('data-testid alert-rule new-evaluation-group-name').fill(RULE.group);
  await page.getByRole('button', { name: 'Criar', exact: true }).click();
  await page.getByRole('button', { name: 'Configurar tratamento de erros e ausência de dados' }).click();
  for (const field of ['no-data-state-input', 'exec-err-state-input']) {
    await page.locator(`#${field}`).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: 'Keep Last State' }).click();
  }
  await page.getByTestId('data-testid advanced-mode-switch step-5').click({ force: true });
  await page.getByRole('button', { name: 'Visualização do encaminhamento' }).click();
  await page.getByText('rota =~ .+').waitFor();
  const summary = page.getByPlaceholder('Enter a summary...');
  await summary.fill(SUMMARY);
  await camera.take(page, 'alerta-avaliacao', step(page, 3), page.locator('#exec-err-state-input'));
  await camera.take(page, 'alerta-destino', step(page, 5), summary);

  const saved = page.waitForResponse((r) => r.request().method() === 'POST' && /\/ruler\//.test(r.url()));
  await page.getByTestId('save-rule').click();
  same('Grafana’s answer to the save of the rule', (await saved).status(), 202);
  await page.waitForURL(/\/alerting\/grafana\/[^/]+\/view/);
  return /\/alerting\/grafana\/([^/]+)\/view/.exec(page.url())?.[1] ?? '';
}

/** The title of a part of the form. */
function step(page: Page, number: number): Locator {
  return page.getByText(new RegExp(`^${number}\\. `)).first();
}

async function writeQuery(page: Page): Promise<void> {
  // The radio button lies over its own label.
  await page.getByRole('radio', { name: 'Code' }).first().click({ force: true });
  const editor = page.locator('.monaco-editor').first();
  await editor.click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(SQL);
  // Suggestions would lie over the next fields.
  await page.keyboard.press('Escape');
}
