import { EXIT, OperatorError } from '@rastreio/runtime';
import { alertingUnits, readAlertingFiles } from './alertingFiles';
import { ensureFolder, writeGroup, writeUnit } from './applyWrites';
import type { Auth } from './auth';
import { createClient, waitForGrafana, type Client } from './client';
import { dashboardUnit, readDashboardFiles } from './dashboardFiles';
import { foldersOf, type Folders } from './folders';
import type { Env } from './interpolate';
import { asText, fingerprint, same, type Json } from './json';
import { notificationOf, withContact } from './notificationEnv';
import { keptOf, missingOf, planOf, type Kept, type Step } from './plan';
import { groupWrites } from './ruleGroups';
import { readScreen, type Screen } from './screen';
import { isSimple, openSimply } from './simpleEditor';
import { readState, writeState, type Memory, type State } from './state';
import { KINDS, toUnits, unitId, type Kind, type Units } from './units';

export interface ApplyOptions {
  /** Without user and password. */
  readonly url: string;
  readonly auth: Auth;
  /** What the alerting files' variables are; the process's environment unless given. */
  readonly env?: Env;
  /** The folders of this checkout unless given. */
  readonly folders?: Folders;
  /** The files win over what was edited on the screen. */
  readonly force?: boolean;
  /** Compares and tells, and writes nothing. */
  readonly dryRun?: boolean;
  /** How long a Grafana that is starting is waited for; 60 s unless given. */
  readonly waitMs?: number;
}

/** What became of the units, by {@link unitId}. */
export interface ApplyResult {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** Edited on the screen and therefore left as it is. */
  readonly kept: readonly Kept[];
  readonly dryRun: boolean;
}

export const WAIT_MS = 60_000;
const CHANGES = ['create', 'update', 'remove'];

/**
 * Brings dashboards and alerting of the files into a running Grafana so that all of it stays editable on its screen. What was edited
 * there is kept and told ({@link ApplyResult.kept}) unless `force` is set. Doing it twice changes nothing.
 *
 * @throws OperatorError when Grafana refuses, nobody may sign in (see the client), the files are wrong, or a variable is missing (78)
 */
export async function applyToGrafana(options: ApplyOptions): Promise<ApplyResult> {
  const { url, auth, folders = foldersOf(), force = false, dryRun = false } = options;
  const env = withContact(options.env ?? process.env);
  const files = await readUnits(folders, env);
  await waitForGrafana({ url, auth }, options.waitMs ?? WAIT_MS);
  const client = createClient({ url, auth });
  const state = await readState(client);
  const screen = await readScreenFor(client, files, state);
  const place = screen.place;
  let steps = planOf(files, screen, state, force);
  // What Grafana has nothing of yet cannot stay as it is.
  const optional = notificationOf(env, steps.flatMap(missingOf));
  if (Object.keys(optional).length > 0)
    steps = planOf(await readUnits(folders, { ...env, ...optional }), screen, state, force);
  const result = resultOf(steps, state, dryRun);
  if (dryRun) return result;
  refuseMissing(steps);
  const changes = steps.filter(({ verdict }) => CHANGES.includes(verdict.do));
  const ahead =
    changes.length === 0 ? state : await writeIfNew(client, state, { ...announced(state, changes), place });
  const done = new Set<string>();
  let failure: unknown;
  try {
    await write(client, screen, steps, state, done);
  } catch (error) {
    failure = error;
  }
  const after = { ...remember(ahead, steps, done), place };
  await writeIfNew(client, ahead, after);
  if (failure !== undefined) throw failure as Error;
  return result;
}

/** All units of the files. @throws OperatorError (78) when a file is wrong */
export async function readUnits(folders: Folders, env: Env): Promise<Units> {
  const dashboards = await readDashboardFiles(folders.dashboards);
  const alerting = await readAlertingFiles(folders.alerting);
  return toUnits([
    ...dashboards.map(({ dashboard }) => dashboardUnit(dashboard)),
    ...alertingUnits(alerting, env),
  ]);
}

/** What Grafana has of the files' units, of what was applied before, and in our folder. @throws OperatorError */
export async function readScreenFor(client: Client, files: Units, state: State): Promise<Screen> {
  const uids = (kind: Kind) => {
    const prefix = unitId({ kind, key: '' });
    const ids = [...files.keys(), ...Object.keys(state.units)];
    return ids.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
  };
  return readScreen(client, {
    dashboardUids: uids('dashboard'),
    ruleUids: uids('rule'),
    remembered: state.place,
    policies: files.get(unitId({ kind: 'policies', key: '' }))?.content,
  });
}

/** Contact points before the policies that name them, dashboards before rules; what goes goes the other way round. */
async function write(
  client: Client,
  screen: Screen,
  steps: readonly Step[],
  state: State,
  done: Set<string>,
): Promise<void> {
  const grouped = (id: string) => id.startsWith('rule/') || id.startsWith('group/');
  const single = steps.filter(({ id }) => !grouped(id));
  const isPut = ({ verdict }: Step) => verdict.do === 'create' || verdict.do === 'update';
  if (steps.some(isPut)) await ensureFolder(client, screen);
  for (const { id, file } of inOrder(single.filter(isPut))) {
    if (file === undefined) continue;
    await writeUnit(client, screen, { put: file, appliedBefore: state.units[id]?.content !== undefined });
    done.add(id);
  }
  for (const { name, interval, rules } of groupWrites(steps, screen))
    await writeGroup(client, name, interval, rules);
  for (const [group, uids] of newSimpleRules(steps)) await openSimply(client, group, uids);
  for (const { id } of steps) if (grouped(id)) done.add(id);
  for (const { id, screen: now } of inOrder(
    single.filter(({ verdict }) => verdict.do === 'remove'),
  ).toReversed()) {
    if (now === undefined) continue;
    await writeUnit(client, screen, { remove: now });
    done.add(id);
  }
}

/** By group. Whether an older rule opens simply is its editors' choice. */
function newSimpleRules(steps: readonly Step[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { file, verdict } of steps) {
    if (file?.kind !== 'rule' || verdict.do !== 'create' || !isSimple(file)) continue;
    const group = asText(file.content.group);
    found.set(group, [...(found.get(group) ?? []), file.key]);
  }
  return found;
}

function inOrder(steps: readonly Step[]): readonly Step[] {
  const rank = ({ id }: Step) => KINDS.findIndex((kind) => id.startsWith(`${kind}/`));
  return steps.toSorted((a, b) => rank(a) - rank(b));
}

/** Says before the writes what they bring, so that an apply that is cut off is not taken for an edit on the screen. */
function announced(state: State, changes: readonly Step[]): State {
  const units: Record<string, Memory> = { ...state.units };
  for (const { id, content } of changes)
    if (content !== undefined) units[id] = { ...units[id], next: fingerprint(content) };
  return { ...state, units };
}

function remember(state: State, steps: readonly Step[], done: ReadonlySet<string>): State {
  const units: Record<string, Memory> = { ...state.units };
  for (const { id, verdict, content, file } of steps) {
    const written = !CHANGES.includes(verdict.do) || done.has(id);
    if (!written || verdict.do === 'keep') continue;
    if (verdict.do === 'remove' || verdict.do === 'forget') delete units[id];
    else if (file !== undefined && content !== undefined) units[id] = { content };
  }
  return { ...state, units };
}

/** To write what is there already would be a version of nothing, whose number Grafana does not count. */
async function writeIfNew(client: Client, before: State, after: State): Promise<State> {
  return sameState(before, after) ? before : writeState(client, after);
}

function sameState(a: State, b: State): boolean {
  const comparable = ({ place, units }: State) => ({ place: place ?? null, units }) as unknown as Json;
  return same(comparable(a), comparable(b));
}

function refuseMissing(steps: readonly Step[]): void {
  const missing = [...new Set(steps.flatMap(missingOf))];
  if (missing.length > 0)
    throw new OperatorError(
      `provisioning/alerting needs environment variables that are not set: ${missing.join(', ')}; set them and apply again`,
      EXIT.config,
    );
}

function resultOf(steps: readonly Step[], state: State, dryRun: boolean): ApplyResult {
  // Groups appear and go with their rules.
  const ids = (verdict: string) =>
    steps.filter(
      ({ id, verdict: v }) => v.do === verdict && !(verdict === 'remove' && id.startsWith('group/')),
    );
  return {
    created: ids('create').map(({ id }) => id),
    updated: ids('update').map(({ id }) => id),
    removed: ids('remove').map(({ id }) => id),
    unchanged: steps.filter(({ verdict, file }) => verdict.do === 'nothing' && file !== undefined).length,
    kept: steps.flatMap((step) => keptOf(step, state) ?? []),
    dryRun,
  };
}
