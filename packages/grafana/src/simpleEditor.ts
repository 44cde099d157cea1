import type { Client } from './client';
import { asList, asObject, asText, type Json, type JsonObject } from './json';
import { FOLDER, type Unit } from './units';

const EXPRESSION = '__expr__';

/**
 * Whether Grafana's rule form can show a rule in its simple mode ("when the last value of A is above ..."): one query, its last value
 * taken strictly, and one threshold without a second one for its end. As the form itself decides it (Grafana 12).
 */
export function isSimple({ content }: Unit): boolean {
  const data = asList(content.data).map(asObject);
  const queries = data.filter(({ datasourceUid }) => datasourceUid !== EXPRESSION);
  const [reduce, ...moreReduces] = modelsOf(data, 'reduce');
  const [threshold, ...moreThresholds] = modelsOf(data, 'threshold');
  if (queries.length !== 1 || data.length !== 3 || reduce === undefined || threshold === undefined)
    return false;
  if (moreReduces.length + moreThresholds.length > 0) return false;
  const ends = asList(threshold.model.conditions).some(
    (condition) => Object.keys(asObject(asObject(condition).unloadEvaluator)).length > 0,
  );
  return (
    !ends &&
    asText(asObject(reduce.model.settings).mode) === '' &&
    reduce.model.expression === queries[0]?.refId &&
    threshold.model.expression === reduce.refId
  );
}

/**
 * Has the form open these rules of a group in its simple mode. The provisioning API does not know that setting and keeps it as it is, so
 * it is set once, through the API of the form itself.
 */
export async function openSimply(client: Client, group: string, uids: readonly string[]): Promise<void> {
  const path = `/api/ruler/grafana/api/v1/rules/${FOLDER.uid}`;
  const now = asObject(await client.get<Json>(`${path}/${encodeURIComponent(group)}`));
  const rules = asList(now.rules).map((rule): JsonObject => {
    const alert = asObject(asObject(rule).grafana_alert);
    if (!uids.includes(asText(alert.uid))) return asObject(rule);
    const metadata = { ...asObject(alert.metadata), editor_settings: { ...SIMPLE } };
    return { ...asObject(rule), grafana_alert: { ...alert, metadata } };
  });
  await client.send('POST', path, { name: group, interval: now.interval ?? '1m', rules });
}

const SIMPLE = { simplified_query_and_expressions_section: true, simplified_notifications_section: false };

function modelsOf(data: readonly JsonObject[], type: string): { refId: string; model: JsonObject }[] {
  return data
    .map(({ refId, model }) => ({ refId: asText(refId), model: asObject(model) }))
    .filter(({ model }) => model.type === type);
}
