import type { Client } from './client';
import { withCoreVersion } from './dashboardForm';
import type { Json, JsonObject } from './json';
import { treeWith } from './policyTree';
import type { Screen } from './screen';
import { durationSeconds } from './duration';
import { FOLDER, unitId, type Unit } from './units';

const PROVISIONING = '/api/v1/provisioning';
const MESSAGE = 'npm run grafana:apply';

/** Something to bring into Grafana: a unit as it is to be, or one that is to go. */
export type Write = { readonly put: Unit; readonly appliedBefore: boolean } | { readonly remove: Unit };

/** Makes our folder where it is missing. */
export async function ensureFolder(client: Client, { hasFolder }: Screen): Promise<void> {
  if (!hasFolder) await client.send('POST', '/api/folders', { uid: FOLDER.uid, title: FOLDER.title });
}

/** Writes one unit that is neither a rule nor a group; those are written group by group ({@link writeGroup}). */
export async function writeUnit(client: Client, screen: Screen, write: Write): Promise<void> {
  const unit = 'put' in write ? write.put : write.remove;
  const key = encodeURIComponent(unit.key);
  const exists = screen.units.has(unitId(unit));
  const version = encodeURIComponent(screen.versions.get(unitId(unit)) ?? '');
  switch (unit.kind) {
    case 'dashboard':
      if ('remove' in write) await client.remove(`/api/dashboards/uid/${key}`);
      else await saveDashboard(client, screen, write);
      return;
    case 'contactPoint': {
      const path = `${PROVISIONING}/contact-points`;
      const body: Json = { ...unit.content, uid: unit.key };
      if ('remove' in write) await client.remove(`${path}/${key}`);
      else if (exists) await client.send('PUT', `${path}/${key}`, body);
      else await client.send('POST', path, body);
      return;
    }
    case 'muteTiming': {
      const path = `${PROVISIONING}/mute-timings`;
      const body: Json = { ...unit.content, name: unit.key };
      if ('remove' in write) await client.remove(`${path}/${key}?version=${version}`);
      else if (exists) await client.send('PUT', `${path}/${key}`, body);
      else await client.send('POST', path, body);
      return;
    }
    case 'template': {
      const path = `${PROVISIONING}/templates/${key}`;
      if ('remove' in write) await client.remove(`${path}?version=${version}`);
      else await client.send('PUT', path, { template: unit.content.template ?? '' });
      return;
    }
    case 'policies': {
      const tree = treeWith(screen.tree, screen.place, 'put' in write ? unit.content : undefined);
      if (tree === undefined) await client.remove(`${PROVISIONING}/policies`);
      else await client.send('PUT', `${PROVISIONING}/policies`, tree);
      return;
    }
    case 'group':
    case 'rule':
      throw new Error(`${unitId(unit)} is written with its group`);
  }
}

/** Makes a group hold exactly these rules of the API, in this order; one without rules ceases to be. */
export async function writeGroup(
  client: Client,
  name: string,
  interval: string,
  rules: readonly JsonObject[],
): Promise<void> {
  const path = `${PROVISIONING}/folder/${FOLDER.uid}/rule-groups/${encodeURIComponent(name)}`;
  if (rules.length === 0) await client.remove(path);
  else
    await client.send('PUT', path, {
      title: name,
      folderUid: FOLDER.uid,
      interval: durationSeconds(interval),
      rules,
    });
}

/** One that somebody moved stays where it is. A save on the screen since it was read is never lost: Grafana refuses then. */
async function saveDashboard(
  client: Client,
  screen: Screen,
  { put: { key, content }, appliedBefore }: Extract<Write, { put: Unit }>,
): Promise<void> {
  const before = screen.dashboards.get(key);
  const dashboard: JsonObject = before === undefined ? content : { ...content, version: before.version };
  await client.send('POST', '/api/dashboards/db', {
    dashboard: { ...withCoreVersion(dashboard, screen.version), id: null },
    folderUid: appliedBefore && before !== undefined ? before.folderUid : FOLDER.uid,
    message: MESSAGE,
    overwrite: false,
  });
}
