import type { Client } from '../client';
import { ApiError } from '../client';
import { asList, asObject, asText, type JsonObject } from '../json';
import type { Row } from './row';

/** Whether each data source answers. */
export async function checkDataSources(client: Client, uids: readonly string[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const uid of uids) {
    const started = performance.now();
    const row = await tried('data sources', `fonte de dados ${uid}`, async () => {
      const answer = await client.get<JsonObject>(`/api/datasources/uid/${encodeURIComponent(uid)}/health`);
      return { ok: answer.status === 'OK', detail: asText(answer.message) };
    });
    rows.push({ ...row, ms: Math.round(performance.now() - started) });
  }
  return rows;
}

/** Whether Grafana has loaded the plugins that the dashboards' panels are of. */
export async function checkPlugins(
  client: Client,
  dashboards: readonly JsonObject[],
): Promise<readonly Row[]> {
  const types = new Set(
    dashboards
      .flatMap((dashboard) => asList(dashboard.panels).map(asObject))
      .flatMap((panel) => [panel, ...asList(panel.panels).map(asObject)])
      .map(({ type }) => asText(type))
      .filter((type) => type !== 'row'),
  );
  const rows: Row[] = [];
  for (const type of [...types].sort())
    rows.push(
      await tried('plugins', `plugin ${type}`, async () => {
        const { info } = await client.get<JsonObject>(`/api/plugins/${encodeURIComponent(type)}/settings`);
        return { ok: true, detail: `version ${asText(asObject(info).version) || 'of Grafana'}` };
      }),
    );
  return rows;
}

async function tried(
  part: Row['part'],
  what: string,
  look: () => Promise<Pick<Row, 'ok' | 'detail'>>,
): Promise<Row> {
  try {
    return { part, what, ...(await look()) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { part, what, ok: false, detail: error.message };
  }
}
