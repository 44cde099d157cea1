import type { Api } from './api';

const PREFERENCES = '/api/org/preferences';
const TIMEOUT_MS = 60_000;

/**
 * Makes a dashboard the page that everybody lands on, unless somebody has chosen another one: then it stays. Waits until
 * Grafana has the dashboard.
 * @param before the one we chose last time
 * @returns the one we chose
 */
export async function chooseHome(api: Api, uid: string, before: string | undefined): Promise<string> {
  const { homeDashboardUID: now = '' } = await api.get<{ homeDashboardUID?: string }>(PREFERENCES);
  const ours = now === '' || now === before || (await api.find(`/api/dashboards/uid/${now}`)) === undefined;
  if (!ours || now === uid) return uid;
  await api.until(
    `dashboard ${uid}`,
    async () => {
      if ((await api.find(`/api/dashboards/uid/${uid}`)) === undefined)
        throw new Error('Grafana does not have it yet');
    },
    TIMEOUT_MS,
  );
  await api.send('PATCH', PREFERENCES, { homeDashboardUID: uid });
  return uid;
}
