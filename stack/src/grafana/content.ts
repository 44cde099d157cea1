import { rm } from 'node:fs/promises';
import path from 'node:path';
import { applyToGrafana, describeUnit, FOLDER, foldersOf, type ApplyResult } from '@rastreio/grafana';
import { dashboardUids, namedDashboards } from '../homePage';
import { createApi, type Access, type Api } from './api';
import { chooseHome } from './home';
import { readMemory, writeMemory, type Content } from './memory';
import { gatherFolders, releaseAlerting, waitForRelease } from './release';

export interface ContentOptions extends Access {
  readonly content: Content;
  /** The checkout with dashboards/ and provisioning/alerting. */
  readonly root: string;
  /** From where this Grafana reads alerting files while its content is editable; we can write there. */
  readonly alertingFolder: string;
  /** The file that remembers, beside Grafana's data. */
  readonly memoryFile: string;
  /** What the alerting files' variables are. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How to sign in, for the operator. */
  readonly signIn: string;
  readonly note: (text: string) => void;
}

/** Grafana answers already. */
const APPLY_WAIT_MS = 5_000;

/**
 * Brings dashboards and alert rules into a Grafana that has just started, and chooses its home page. What was edited on the screen is
 * kept and named. Read-only content is loaded by Grafana itself. Coming from files, the files win once: until then nobody could edit.
 * @throws OperatorError when Grafana refuses or a file is wrong
 */
export async function bringContent(options: ContentOptions, apply = applyToGrafana): Promise<void> {
  const { content, root, memoryFile, signIn, note } = options;
  const api = createApi(options);
  if (!(await api.knowsUs())) {
    note(
      `Grafana’s admin has another password than ours: nothing was applied to it; set ours again there (${signIn})`,
    );
    return;
  }
  const before = await readMemory(memoryFile);
  if (content === 'editable') {
    const first = before?.content !== 'editable';
    // Until all of it is done, the next start begins anew.
    if (first) await rm(memoryFile, { force: true });
    await applyFiles(api, options, first, apply);
  }
  const [{ uid } = { uid: undefined }] = namedDashboards(path.join(root, 'dashboards'));
  const home = uid === undefined ? before?.home : await chooseHome(api, uid, before?.home);
  await writeMemory(memoryFile, { content, home });
}

async function applyFiles(
  api: Api,
  { url, password, root, alertingFolder, env, signIn, note }: ContentOptions,
  first: boolean,
  apply: typeof applyToGrafana,
): Promise<void> {
  if (first) {
    await waitForRelease(api, await dashboardUids(path.join(root, 'dashboards')));
    const released = await releaseAlerting(api, alertingFolder);
    if (released > 0) note(`${released} alerting resources came from files; from now on they can be edited`);
    await gatherFolders(api, FOLDER.title, FOLDER.uid);
  }
  const result = await apply({
    url,
    auth: { user: 'admin', password },
    env,
    folders: foldersOf(root),
    force: first,
    waitMs: APPLY_WAIT_MS,
  });
  for (const line of keptNotes(result, url, signIn)) note(line);
}

/** What is kept as it was edited on the screen, and how to bring it into the files. */
function keptNotes({ kept }: Pick<ApplyResult, 'kept'>, url: string, signIn: string): string[] {
  if (kept.length === 0) return [];
  return [
    ...kept.map(({ unit, title, reason }) =>
      reason === 'deleted'
        ? `kept as deleted on the screen: ${describeUnit(unit, title)}`
        : `kept as edited on the screen: ${describeUnit(unit, title)}`,
    ),
    `npm run grafana:pull -- --url ${url} brings that into the files (${signIn}); npm run grafana:apply with --force undoes it`,
  ];
}
