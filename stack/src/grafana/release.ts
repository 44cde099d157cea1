import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Api } from './api';

const FILE = 'release.yaml';
const PROVISIONING = '/api/v1/provisioning';
const ORG = 1;
const TIMEOUT_MS = 60_000;

interface Provisioned {
  readonly uid?: string;
  readonly name?: string;
  readonly provenance?: string;
}

/**
 * Takes away what Grafana has loaded from alerting files: nobody may change it, and only a file can remove it. So a file that
 * says so is put into `folder`, from which this Grafana reads its alerting files, for as long as it is being read.
 * @returns how many things that were
 */
export async function releaseAlerting(api: Api, folder: string): Promise<number> {
  // A file that an interrupted attempt left would take rules away at Grafana's next start.
  await rm(path.join(folder, FILE), { force: true });
  const list = async (kind: string) =>
    // Grafana without any template answers null.
    ((await api.get<Provisioned[] | null>(`${PROVISIONING}/${kind}`)) ?? []).filter(isOfFiles);
  const [rules, points, templates, timings] = [
    await list('alert-rules'),
    await list('contact-points'),
    await list('templates'),
    await list('mute-timings'),
  ];
  const policies = isOfFiles(await api.get<Provisioned>(`${PROVISIONING}/policies`));
  const found = rules.length + points.length + templates.length + timings.length + Number(policies);
  if (found === 0) return 0;
  const orders = {
    apiVersion: 1,
    deleteRules: rules.map(({ uid }) => ({ orgId: ORG, uid })),
    resetPolicies: policies ? [ORG] : [],
    deleteContactPoints: points.map(({ uid }) => ({ orgId: ORG, uid })),
    deleteTemplates: templates.map(({ name }) => ({ orgId: ORG, name })),
    deleteMuteTimes: timings.map(({ name }) => ({ orgId: ORG, name })),
  };
  const file = path.join(folder, FILE);
  await writeFile(file, stringify(orders), { mode: 0o644 });
  try {
    await api.send('POST', '/api/admin/provisioning/alerting/reload');
  } finally {
    await rm(file, { force: true });
  }
  return found;
}

/** Waits until none of these dashboards belongs to a file any more: Grafana lets go of them while it starts. */
export async function waitForRelease(api: Api, uids: readonly string[]): Promise<void> {
  for (const uid of uids)
    await api.until(
      `dashboard ${uid}`,
      async () => {
        // "provisioned" is false for dashboards of files that allow saving; the file's name is there for all of them.
        const found = await api.find<{ meta: { provisionedExternalId?: string } }>(
          `/api/dashboards/uid/${uid}`,
        );
        if ((found?.meta.provisionedExternalId ?? '') !== '')
          throw new Error(
            'Grafana still counts it as loaded from a file; is GF_PATHS_PROVISIONING provisioning/editable?',
          );
      },
      TIMEOUT_MS,
    );
}

/**
 * Brings the dashboards of other folders of this title into the folder `uid`, and removes those folders where nothing else is in them:
 * Grafana's file provisioning makes a folder of the right title with a uid of its own.
 */
export async function gatherFolders(api: Api, title: string, uid: string): Promise<void> {
  const folders = await api.get<{ uid: string; title: string }[]>('/api/folders?limit=1000');
  const others = folders.filter((folder) => folder.title === title && folder.uid !== uid);
  if (others.length > 0 && !folders.some((folder) => folder.uid === uid))
    await api.send('POST', '/api/folders', { uid, title });
  for (const other of others) {
    const found = await api.get<{ uid: string }[]>(
      `/api/search?type=dash-db&limit=5000&folderUIDs=${other.uid}`,
    );
    for (const dashboard of found) await move(api, dashboard.uid, uid);
    const counts = await api.get<Record<string, number>>(`/api/folders/${other.uid}/counts`);
    if (Object.values(counts).every((count) => count === 0))
      await api.send('DELETE', `/api/folders/${other.uid}`);
  }
}

async function move(api: Api, dashboard: string, folderUid: string): Promise<void> {
  const { dashboard: content } = await api.get<{ dashboard: object }>(`/api/dashboards/uid/${dashboard}`);
  await api.send('POST', '/api/dashboards/db', { dashboard: content, folderUid, message: 'npm start' });
}

function isOfFiles({ provenance }: Provisioned): boolean {
  return provenance === 'file';
}
