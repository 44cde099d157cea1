import { expect, type PanelEditPage, test } from '@grafana/plugin-e2e';
import { TEST_IDS } from '../src/constants';
import { axeViolations } from './axe';
import { ORIGINAL } from './original';

// These run against any Grafana that has the plugin, named by GRAFANA_URL: `npm run e2e`. The answers of the data
// source are given here, so that no database is needed; the panel, the editor and the browser are real.

const NAME = 'Parcel tracking';

/** Every Grafana has this one. One made here would be missing from the list of the page that is open already. */
const BUILT_IN = '-- Grafana --';

async function showSeed(panelEditPage: PanelEditPage): Promise<void> {
  await panelEditPage.mockQueryDataResponse(ORIGINAL);
  await panelEditPage.datasource.set(BUILT_IN);
  await panelEditPage.setVisualization(NAME);
  await panelEditPage.refreshPanel();
}

test.describe(NAME, () => {
  test.beforeEach(async ({ panelEditPage }) => showSeed(panelEditPage));

  test('draws pie, cards and table from the frames of a query', async ({ page }) => {
    await expect(page.getByTestId(TEST_IDS.slice('ENTREGUE'))).toHaveAccessibleName(
      /^ENTREGUE, 15 .*, 51[.,]7 %$/
    );
    await expect(page.getByTestId(TEST_IDS.card('mean'))).toContainText('2 dias, 08:42:00');
    await expect(page.getByTestId(TEST_IDS.card('total'))).toContainText('29');
    await expect(page.getByTestId(TEST_IDS.table).getByRole('row')).toHaveCount(7);
  });

  test('drops a part that is switched off in the editor', async ({ page, panelEditPage }) => {
    await panelEditPage.getCustomOptions('Parts').getSwitch('Status table').uncheck();
    await expect(page.getByTestId(TEST_IDS.table)).toBeHidden();
    await expect(page.getByTestId(TEST_IDS.pie)).toBeVisible();
  });

  test('walks the slices with the arrow keys', async ({ page }) => {
    await page.getByTestId(TEST_IDS.slice('ENTREGUE')).focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByTestId(TEST_IDS.slice('EM ROTA DE ENTREGA'))).toBeFocused();
  });

  test('selects by click and by keyboard, and clears by Escape', async ({ page }) => {
    await page.getByTestId(TEST_IDS.slice('ENTREGUE')).click();
    await page.getByTestId(TEST_IDS.slice('EXTRAVIADO')).press('Control+Enter');
    const selected = page.getByTestId(TEST_IDS.pie).getByRole('option', { selected: true });
    await expect(selected).toHaveCount(2);
    await expect(page.getByTestId(TEST_IDS.tableRow('ENTREGUE')).getByRole('button')).toHaveAttribute(
      'aria-pressed',
      'true'
    );
    await page.keyboard.press('Escape');
    await expect(selected).toHaveCount(0);
  });

  test('gives axe nothing to object to', async ({ page }) => {
    await page.getByTestId(TEST_IDS.slice('ENTREGUE')).click();
    expect(await axeViolations(page, `[data-testid="${TEST_IDS.panel}"]`)).toEqual([]);
  });

  test('says that it waits while no row has come', async ({ page, panelEditPage }) => {
    await panelEditPage.mockQueryDataResponse({ results: { A: { status: 200, frames: [] } } });
    await panelEditPage.refreshPanel();
    await expect(page.getByTestId(TEST_IDS.state('empty'))).toContainText('Aguardando dados...');
  });
});
