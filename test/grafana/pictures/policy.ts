import type { Page } from 'playwright-core';
import { same } from '../same';
import type { Camera } from './camera';

const MUTE_TIMING = 'fora-do-expediente';

/** Puts a policy for one lane, with a mute timing, above the one for all lanes. */
export async function muteLane(page: Page, url: string, lane: string, camera: Camera): Promise<void> {
  await page.goto(`${url}/alerting/routes`);
  const allLanes = page.getByTestId('am-route-container').filter({ hasText: 'rota =~ .+' }).last();
  await allLanes.getByRole('button', { name: 'Adicionar nova política' }).click();
  await page.getByRole('menuitem', { name: 'Novo elemento do mesmo nível acima' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[name="object_matchers.0.name"]').fill('rota');
  await dialog.locator('input[name="object_matchers.0.value"]').fill(lane);
  await dialog.getByText('Selecionar intervalos de tempo...').first().click();
  await page.getByRole('option', { name: MUTE_TIMING }).click();
  const save = dialog.getByRole('button', { name: 'Salvar política' });
  await camera.take(page, 'alerta-politica', dialog.getByText('Adicionar política de notificação'), save);
  const saved = page.waitForResponse((r) => r.request().method() !== 'GET' && r.ok());
  await save.click();
  await saved;
  const made = page.getByText(`rota = ${lane}`);
  await made.waitFor();
  await camera.take(page, 'alerta-politicas', page.getByText('Política padrão').first(), allLanes);
  same('policies for the lane', await made.count(), 1);
}
