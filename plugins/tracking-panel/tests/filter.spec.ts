import { expect, test } from '@grafana/plugin-e2e';
import { PLUGIN_ID, TEST_IDS } from '../src/constants';
import { ORIGINAL } from './original';

const UID = 'rastreio-e2e-filter';
/** Every Grafana has this one. */
const BUILT_IN = { type: 'grafana', uid: 'grafana' };

// A dashboard with a variable, two of our panels that keep their selection there, and a text that shows its value.
const panel = (id: number, x: number) => ({
  id,
  type: PLUGIN_ID,
  title: `Status ${id}`,
  datasource: BUILT_IN,
  gridPos: { x, y: 0, w: 12, h: 16 },
  targets: [{ refId: 'A', queryType: 'randomWalk', datasource: BUILT_IN }],
  options: { selection: { enabled: true, variable: 'status' } },
});
const DASHBOARD = {
  uid: UID,
  title: 'Rastreio: end-to-end filter',
  schemaVersion: 41,
  templating: {
    list: [
      {
        name: 'status',
        type: 'custom',
        query: 'ENTREGUE,EXTRAVIADO,CANCELADO',
        multi: true,
        includeAll: true,
        current: { text: ['All'], value: ['$__all'] },
      },
    ],
  },
  panels: [
    panel(1, 0),
    panel(2, 12),
    {
      id: 3,
      type: 'text',
      title: 'Filter: ${status:csv}',
      gridPos: { x: 0, y: 16, w: 24, h: 3 },
      options: { mode: 'markdown', content: 'Selected: ${status:csv}' },
    },
  ],
};

test.describe('the selection as a filter of the dashboard', () => {
  test.beforeEach(async ({ request }) => {
    const saved = await request.post('/api/dashboards/db', {
      data: { dashboard: DASHBOARD, overwrite: true },
    });
    expect(saved.ok()).toBe(true);
  });
  test.afterEach(async ({ request }) => {
    await request.delete(`/api/dashboards/uid/${UID}`);
  });

  test('a click writes the variable, and every panel follows', async ({ gotoDashboardPage, page }) => {
    await page.route('**/api/ds/query*', (route) => route.fulfill({ json: ORIGINAL }));
    await gotoDashboardPage({ uid: UID });
    const pies = page.getByTestId(TEST_IDS.pie);
    await expect(pies).toHaveCount(2);

    await pies.first().getByTestId(TEST_IDS.slice('ENTREGUE')).click();
    await expect(page).toHaveURL(/[?&]var-status=ENTREGUE(&|$)/);
    await pies
      .first()
      .getByTestId(TEST_IDS.slice('EXTRAVIADO'))
      .click({ modifiers: ['ControlOrMeta'] });
    await expect(page).toHaveURL(/var-status=ENTREGUE&var-status=EXTRAVIADO/);
    await expect(page.getByText('Selected: ENTREGUE,EXTRAVIADO')).toBeVisible();
    await expect(pies.last().getByRole('option', { selected: true })).toHaveCount(2);

    await pies.first().getByTestId(TEST_IDS.slice('EXTRAVIADO')).press('Escape');
    await expect(page).toHaveURL(/var-status=\$__all|var-status=%24__all/);
    await expect(pies.last().getByRole('option', { selected: true })).toHaveCount(0);
  });

  test('the panel follows the address', async ({ gotoDashboardPage, page }) => {
    await page.route('**/api/ds/query*', (route) => route.fulfill({ json: ORIGINAL }));
    await gotoDashboardPage({ uid: UID, queryParams: new URLSearchParams({ 'var-status': 'CANCELADO' }) });
    await expect(page.getByTestId(TEST_IDS.pie)).toHaveCount(2);
    for (const pie of await page.getByTestId(TEST_IDS.pie).all()) {
      await expect(pie.getByRole('option', { selected: true })).toHaveAccessibleName(/^CANCELADO, 2 /);
    }
    await expect(page.getByText('Selected: CANCELADO')).toBeVisible();
  });
});
