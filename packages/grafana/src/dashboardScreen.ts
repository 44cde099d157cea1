import { OperatorError } from '@rastreio/runtime';
import { ApiError, type Client } from './client';
import { dashboardForm } from './dashboardForm';
import { asList, asObject, asText, isObject, type JsonObject } from './json';
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
  /** What Grafana keeps of it that the classic form does not hold, in words. */
  readonly lost: readonly string[];
}

const NOT_ACCEPTABLE = 406;
/** The forms of the API whose content is classic, by preference. */
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
  const newer = await newerApi(client);
  const dashboards = new Map<string, ScreenDashboard>();
  for (const uid of new Set([...ours, ...uids])) {
    const dashboard = await readDashboard(client, newer, uid);
    if (dashboard !== undefined) dashboards.set(uid, dashboard);
  }
  return dashboards;
}

/** Where the API that knows several forms of a dashboard gives this one; undefined in a Grafana without it. */
interface NewerApi {
  readonly classic: string;
  readonly path: (version: string, uid: string) => string;
}

async function newerApi(client: Client): Promise<NewerApi | undefined> {
  const group = await client.find<JsonObject>('/apis/dashboard.grafana.app/');
  const served = asList(group?.versions).map((version) => asText(asObject(version).version));
  const classic = CLASSIC.find((version) => served.includes(version));
  if (classic === undefined) return undefined;
  const { id } = await client.get<JsonObject>('/api/org');
  const namespace = id === 1 ? 'default' : `org-${JSON.stringify(id)}`;
  return {
    classic,
    path: (version, uid) =>
      `/apis/dashboard.grafana.app/${version}/namespaces/${namespace}/dashboards/${encodeURIComponent(uid)}`,
  };
}

/** One dashboard, in the classic form also where Grafana keeps it in a newer one; undefined where there is none. */
async function readDashboard(
  client: Client,
  newer: NewerApi | undefined,
  uid: string,
): Promise<ScreenDashboard | undefined> {
  const answer = await readClassic(client, uid);
  if (answer === 'missing') return undefined;
  // Some versions give what they keep as v2 through the classic API as well, without a word of what it loses.
  const kept = newer === undefined ? undefined : await readKept(client, newer, uid);
  if (answer === 'newer') {
    if (kept === undefined)
      throw new OperatorError(
        `Dashboard "${uid}" is kept in a form that this Grafana does not give as classic`,
      );
    return kept;
  }
  const meta = asObject(answer.meta);
  return {
    dashboard: dashboardForm(asObject(answer.dashboard)),
    version: Number(meta.version),
    folderUid: asText(meta.folderUid),
    providedBy: meta.provisioned === true ? asText(meta.provisionedExternalId) || 'a file' : undefined,
    lost: kept?.lost ?? [],
  };
}

async function readClassic(client: Client, uid: string): Promise<JsonObject | 'missing' | 'newer'> {
  try {
    const path = `/api/dashboards/uid/${encodeURIComponent(uid)}`;
    return (await client.find<JsonObject>(path)) ?? 'missing';
  } catch (error) {
    if (error instanceof ApiError && error.status === NOT_ACCEPTABLE) return 'newer';
    throw error;
  }
}

/** A dashboard that is kept in a newer form, as far as Grafana gives it in the classic one; undefined where it is kept as classic. */
async function readKept(
  client: Client,
  { classic, path }: NewerApi,
  uid: string,
): Promise<ScreenDashboard | undefined> {
  const answer = await client.find<JsonObject>(path(classic, uid));
  const { storedVersion, failed, error } = asObject(asObject(answer?.status).conversion);
  if (answer === undefined || !asText(storedVersion).startsWith('v2')) return undefined;
  const original = asObject((await client.get<JsonObject>(path(asText(storedVersion), uid))).spec);
  const { annotations, generation } = asObject(answer.metadata);
  const unread = failed === true || !isObject(answer.spec);
  return {
    dashboard: dashboardForm(
      unread ? { uid, title: original.title ?? '' } : { ...asObject(answer.spec), uid },
    ),
    version: Number(generation),
    folderUid: asText(asObject(annotations)['grafana.app/folder']),
    providedBy: undefined,
    lost: [
      ...beyondClassic(original),
      ...(unread
        ? [`o formato ${asText(storedVersion)}, que este Grafana não converte (${asText(error)})`]
        : []),
    ],
  };
}
