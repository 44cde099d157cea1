import { OperatorError } from '@rastreio/runtime';
import { ApiError, type Client } from './client';
import { dashboardForm } from './dashboardForm';
import { asList, asObject, asText, type Json, type JsonObject } from './json';
import { FOLDER } from './units';
import { beyondClassic } from './v2';

/** A dashboard as Grafana has it. */
export interface ScreenDashboard {
  /** In the form of the files. */
  readonly dashboard: JsonObject;
  readonly version: number;
  readonly folderUid: string;
  /** The file of a file provider that holds it. */
  readonly providedBy: string | undefined;
  /** What Grafana keeps of it that the classic form has no place for; in words. */
  readonly lost: readonly string[];
}

const NOT_ACCEPTABLE = 406;
/** The newest form of the API whose content is classic, by preference. */
const CLASSIC = ['v1', 'v1beta1', 'v0alpha1'];
const MAX_FOUND = 5000;

/** The dashboards of our folder and those of these uids wherever they are. */
export async function readDashboards(
  client: Client,
  uids: readonly string[],
): Promise<ReadonlyMap<string, ScreenDashboard>> {
  const found = await client.get<readonly JsonObject[]>(
    `/api/search?type=dash-db&folderUIDs=${FOLDER.uid}&limit=${MAX_FOUND}`,
  );
  // Where there is no such folder, some versions answer with all dashboards.
  const ours = found.filter(({ folderUid }) => folderUid === FOLDER.uid).map(({ uid }) => asText(uid));
  const dashboards = new Map<string, ScreenDashboard>();
  for (const uid of new Set([...ours, ...uids])) {
    const dashboard = await readDashboard(client, uid);
    if (dashboard !== undefined) dashboards.set(uid, dashboard);
  }
  return dashboards;
}

/** One dashboard, in the classic form also where Grafana keeps it in a newer one; undefined where there is none. */
export async function readDashboard(client: Client, uid: string): Promise<ScreenDashboard | undefined> {
  let answer: JsonObject | undefined;
  try {
    answer = await client.find<JsonObject>(`/api/dashboards/uid/${encodeURIComponent(uid)}`);
  } catch (error) {
    if (error instanceof ApiError && error.status === NOT_ACCEPTABLE) return readNewer(client, uid);
    throw error;
  }
  if (answer === undefined) return undefined;
  const meta = asObject(answer.meta);
  return {
    dashboard: dashboardForm(asObject(answer.dashboard)),
    version: Number(meta.version),
    folderUid: asText(meta.folderUid),
    providedBy: meta.provisioned === true ? asText(meta.provisionedExternalId) || 'a file' : undefined,
    lost: [],
  };
}

async function readNewer(client: Client, uid: string): Promise<ScreenDashboard> {
  const group = await client.get<JsonObject>('/apis/dashboard.grafana.app/');
  const served = asList(group.versions).map((version) => asText(asObject(version).version));
  const classic = CLASSIC.find((version) => served.includes(version));
  if (classic === undefined)
    throw new OperatorError(
      `Dashboard "${uid}" is kept in a form that this Grafana (${served.join(', ')}) does not give as classic JSON; save it as classic`,
    );
  const read = (version: string) =>
    client.get<JsonObject>(
      `/apis/dashboard.grafana.app/${version}/namespaces/default/dashboards/${encodeURIComponent(uid)}`,
    );
  const answer = await read(classic);
  const { metadata, spec, status } = answer;
  const stored = asText(asObject(asObject(status).conversion).storedVersion);
  const original: Json = stored === '' ? null : (asObject(await read(stored)).spec ?? null);
  const { annotations, generation } = asObject(metadata);
  return {
    dashboard: dashboardForm({ ...asObject(spec), uid }),
    version: Number(generation),
    folderUid: asText(asObject(annotations)['grafana.app/folder']),
    providedBy: undefined,
    lost: beyondClassic(asObject(original)),
  };
}
