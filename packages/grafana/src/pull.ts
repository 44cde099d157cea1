import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { editAlerting, secretVariable, type OpenFile, type UnitEdit } from './alertingEdit';
import { alertingUnits, readAlertingFiles, type AlertingFile } from './alertingFiles';
import { readScreenFor, WAIT_MS, type ApplyOptions } from './apply';
import { createClient, waitForGrafana } from './client';
import { dashboardUnit, readDashboardFiles, type DashboardFile } from './dashboardFiles';
import { dashboardText } from './dashboardForm';
import { differences, type Difference } from './differences';
import { foldersOf, type Folders } from './folders';
import type { Env } from './interpolate';
import { asObject, asText, type JsonObject } from './json';
import { withContact } from './notificationEnv';
import { compareSides, splitId, type Compared } from './plan';
import { decidePull, type PullVerdict } from './pullDecide';
import { referenced } from './references';
import type { Screen } from './screen';
import { REDACTED } from './secrets';
import { readState, writeState, type Memory, type State } from './state';
import { KINDS, toUnits, unitId, type Unit, type Units } from './units';
import { documentText, editable } from './yamlEdit';

export type PullOptions = Pick<ApplyOptions, 'url' | 'auth' | 'env' | 'folders' | 'force' | 'waitMs'>;

/** Something of the screen that is in no file after a pull, and how it differs from the files. */
export interface Left {
  readonly unit: Pick<Unit, 'kind' | 'key'>;
  readonly title: JsonObject;
  readonly differences: readonly Difference[];
}

export interface PullResult {
  /** Files that were written or removed. */
  readonly files: readonly string[];
  /** Units that were brought into the files, and how they changed there. */
  readonly pulled: readonly Left[];
  /** Removed from the files, since they were deleted on the screen. */
  readonly removed: readonly string[];
  /** Changed in the files and not applied yet. */
  readonly ahead: readonly string[];
  /** Edited on both sides; nothing was written. */
  readonly conflicts: readonly Left[];
  /** Dashboards with something that the classic form cannot hold; nothing was written. */
  readonly lost: readonly {
    readonly uid: string;
    readonly title: string;
    readonly what: readonly string[];
  }[];
  /** Variables that now stand for secrets which Grafana does not tell. */
  readonly variables: readonly string[];
}

interface Change {
  readonly id: string;
  readonly verdict: PullVerdict;
  readonly compared: Compared;
  readonly screen: Unit | undefined;
}

/**
 * Brings what was edited on the screen into the files; what did not change there keeps its text, and where files and screen were both
 * edited nothing is written over unless `force` is set.
 *
 * @throws OperatorError as applyToGrafana
 */
export async function pullFromGrafana(options: PullOptions): Promise<PullResult> {
  const { url, auth, folders = foldersOf(), force = false } = options;
  const env = withContact(options.env ?? process.env);
  const dashboards = await readDashboardFiles(folders.dashboards);
  const alerting = await readAlertingFiles(folders.alerting);
  const files = toUnits([
    ...dashboards.map(({ dashboard }) => dashboardUnit(dashboard)),
    ...alertingUnits(alerting, env),
  ]);
  await waitForGrafana({ url, auth }, options.waitMs ?? WAIT_MS);
  const client = createClient({ url, auth });
  const state = await readState(client);
  const screen = await readScreenFor(client, files, state);
  const all = changesOf(files, screen, state, force);
  const isLost = ({ id }: Change) => (screen.dashboards.get(splitId(id).key)?.lost.length ?? 0) > 0;
  const isDashboard = ({ id }: Change) => splitId(id).kind === 'dashboard';
  const lost = all.filter((change) => isDashboard(change) && isLost(change));
  const changes = all.filter((change) => !lost.includes(change));
  const edits = changes.filter(({ verdict }) => verdict.do === 'write' || verdict.do === 'remove');
  const written = [
    ...(await writeDashboards(edits.filter(isDashboard), dashboards, folders)),
    ...(await writeAlerting(
      edits.filter((edit) => !isDashboard(edit)),
      alerting,
      folders,
      env,
    )),
  ];
  if (edits.length > 0) await writeState(client, remember(state, screen, edits));
  const of = (what: PullVerdict['do']) => changes.filter(({ verdict }) => verdict.do === what);
  return {
    files: [...new Set(written)],
    pulled: of('write').map(leftOf),
    removed: of('remove').map(({ id }) => id),
    ahead: of('ahead').map(({ id }) => id),
    conflicts: of('conflict').map(leftOf),
    lost: lost.map(({ id }) => {
      const { key } = splitId(id);
      const { dashboard, lost: what = [] } = screen.dashboards.get(key) ?? {};
      return { uid: key, title: asText(dashboard?.title), what };
    }),
    variables: of('write').flatMap(variablesOf),
  };
}

function changesOf(files: Units, screen: Screen, state: State, force: boolean): readonly Change[] {
  const needed = referenced(screen.units);
  const isOurs = (id: string) =>
    files.has(id) ||
    state.units[id] !== undefined ||
    needed.has(id) ||
    ['dashboard', 'rule', 'group', 'policies'].includes(splitId(id).kind);
  const ids = new Set([...files.keys(), ...screen.units.keys(), ...Object.keys(state.units)]);
  return [...ids].filter(isOurs).map((id) => {
    const compared = compareSides(id, files.get(id), screen.units.get(id), state);
    return {
      id,
      verdict: decidePull(compared.sides, force),
      compared,
      screen: screen.units.get(id),
    };
  });
}

async function writeDashboards(
  changes: readonly Change[],
  files: readonly DashboardFile[],
  folders: Folders,
): Promise<readonly string[]> {
  const taken = new Set(files.map(({ file }) => file));
  const written: string[] = [];
  for (const { id, screen } of changes) {
    const known = files.find(({ dashboard }) => dashboard.uid === splitId(id).key)?.file;
    if (screen === undefined) {
      if (known !== undefined) await rm(known);
    } else {
      const file = known ?? newFile(folders, screen, taken);
      taken.add(file);
      await writeFile(file, dashboardText(screen.content));
      written.push(file);
      continue;
    }
    if (known !== undefined) written.push(known);
  }
  return written;
}

function newFile(folders: Folders, { key, content }: Unit, taken: ReadonlySet<string>): string {
  const name = asText(content.title)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const file = path.join(folders.dashboards, `${name || key}.json`);
  return taken.has(file) ? path.join(folders.dashboards, `${name}-${key}.json`) : file;
}

/** Rules before their groups, so that a new group exists and one that goes is empty. */
async function writeAlerting(
  changes: readonly Change[],
  files: readonly AlertingFile[],
  folders: Folders,
  env: Env,
): Promise<readonly string[]> {
  if (changes.length === 0) return [];
  const open: OpenFile[] = files.map(({ file, text }) => ({ file, document: editable(text) }));
  if (open.length === 0)
    open.push({ file: path.join(folders.alerting, 'alertas.yaml'), document: editable('apiVersion: 1\n') });
  const rank = ({ id }: Change) =>
    ['group'].indexOf(splitId(id).kind) * 100 + KINDS.indexOf(splitId(id).kind);
  for (const { id, compared, screen } of changes.toSorted((a, b) => rank(a) - rank(b))) {
    const { kind, key } = splitId(id);
    if (kind === 'dashboard') continue;
    const edit: UnitEdit = { kind, key, before: compared.file?.content, after: screen?.content };
    editAlerting(open, edit, env);
  }
  const written: string[] = [];
  for (const { file, document } of open) {
    const before = files.find((f) => f.file === file)?.text;
    const text = await documentText(document);
    // A file without an edit keeps its bytes, whatever its form.
    if (before !== undefined && text === (await documentText(editable(before)))) continue;
    await writeFile(file, text);
    written.push(file);
  }
  return written;
}

function remember(state: State, { place }: Screen, edits: readonly Change[]): State {
  const units: Record<string, Memory> = { ...state.units };
  for (const { id, compared } of edits)
    if (compared.sides.screen !== undefined) units[id] = { ...units[id], pulled: compared.sides.screen };
  return { ...state, place, units };
}

function leftOf({ id, compared, screen }: Change): Left {
  const { content, now } = compared;
  return {
    unit: splitId(id),
    title: screen?.content ?? content ?? {},
    differences: content === undefined || now === undefined ? [] : differences(content, now),
  };
}

function variablesOf({ id, compared, screen }: Change): readonly string[] {
  const { kind, key } = splitId(id);
  if (kind !== 'contactPoint' || compared.file !== undefined || screen === undefined) return [];
  return Object.entries(asObject(screen.content.settings))
    .filter(([, value]) => value === REDACTED)
    .map(([setting]) => secretVariable(key, setting));
}

/** Names of units for a summary. */
export function leftId({ unit }: Left): string {
  return unitId(unit);
}
