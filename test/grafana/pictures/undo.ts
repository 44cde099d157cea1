import type { APIRequestContext } from 'playwright-core';
import { RULE } from './rule';

const PROVISIONING = '/api/v1/provisioning';
const SILENCES = '/api/alertmanager/grafana/api/v2/silence';
/** Without it Grafana would lock what is written by API against its screen. */
const EDITABLE = { headers: { 'X-Disable-Provenance': 'true' } };

/** Reads what the pictures' gestures will change. @returns a function that puts it back: policies as they were, neither rule nor silence */
export async function remember(api: APIRequestContext, url: string): Promise<() => Promise<void>> {
  const read = async (path: string) => (await api.get(url + path)).json() as Promise<unknown>;
  const policies = await read(`${PROVISIONING}/policies`);
  const silences = async () =>
    (await read(`${SILENCES}s`)) as readonly { id: string; status: { state: string } }[];
  const before = new Set((await silences()).map(({ id }) => id));
  return async () => {
    const rules = (await read(`${PROVISIONING}/alert-rules`)) as readonly {
      uid: string;
      ruleGroup: string;
    }[];
    for (const { uid } of rules.filter(({ ruleGroup }) => ruleGroup === RULE.group))
      await api.delete(`${url}${PROVISIONING}/alert-rules/${uid}`, EDITABLE);
    for (const { id, status } of await silences())
      if (!before.has(id) && status.state !== 'expired') await api.delete(`${url}${SILENCES}/${id}`);
    await api.put(`${url}${PROVISIONING}/policies`, { ...EDITABLE, data: policies });
  };
}
