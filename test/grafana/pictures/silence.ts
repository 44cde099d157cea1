import type { Page } from 'playwright-core';
import { same } from '../same';
import type { Camera } from './camera';

/** The lane of the first alert of the newest notice is silenced for a day, from the notice's own link. @returns the silence's id */
export async function silenceLane(page: Page, notices: string, camera: Camera): Promise<string> {
  await page.goto(notices);
  const notice = page.locator('article').first();
  await notice.waitFor();
  await camera.take(page, 'alerta-aviso', page.getByRole('heading', { name: 'Avisos' }), notice);

  await page.getByRole('link', { name: 'Silenciar' }).first().click();
  await page.locator('#duration').fill('1d');
  await page.locator('#comment').fill('Feriado: a rota anda mais devagar');
  await page
    .getByText(/^active$/i)
    .first()
    .waitFor();
  const save = page.getByRole('button', { name: 'Salvar silenciamento' });
  await camera.take(page, 'alerta-silenciar', page.getByText('Silenciar início e término'), save);
  const saved = page.waitForResponse((r) => r.request().method() === 'POST' && /\/silences/.test(r.url()));
  await save.click();
  const answer = await saved;
  same('Grafana’s answer to the silence', answer.ok(), true);
  return ((await answer.json()) as { silenceID: string }).silenceID;
}
