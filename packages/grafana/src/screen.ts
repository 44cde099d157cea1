import { EXIT, OperatorError } from '@rastreio/runtime';
import { contactPointUnit, groupUnit, muteTimingUnit, ruleUnit, templateUnit } from './alertingForm';
import type { Client } from './client';
import { dashboardUnit } from './dashboardFiles';
import { readDashboards, type ScreenDashboard } from './dashboardScreen';
import { asObject, asText, type JsonObject } from './json';
import { ourPolicies, placeOf, type Place } from './policyTree';
import { FOLDER, toUnits, unitId, type Unit, type Units } from './units';

/** What a Grafana has. */
export interface Screen {
  readonly orgId: number;
  /** Of Grafana itself, such as 12.4.10. */
  readonly version: string;
  readonly hasFolder: boolean;
  /** Everything comparable: dashboards and rules of our folder, our policies, and all contact points, mute timings and templates. */
  readonly units: Units;
  readonly dashboards: ReadonlyMap<string, ScreenDashboard>;
  /** The whole tree of the organisation. */
  readonly tree: JsonObject;
  readonly place: Place;
  /** The rules of our folder as the API gives them, by uid, in Grafana's order. */
  readonly rules: ReadonlyMap<string, JsonObject>;
  /** The versions that templates and mute timings are changed or removed by. */
  readonly versions: ReadonlyMap<string, string>;
}

export interface ScreenQuery {
  /** Looked for outside our folder too. */
  readonly dashboardUids: readonly string[];
  readonly ruleUids: readonly string[];
  readonly remembered: Place | undefined;
  readonly policies: JsonObject | undefined;
}

const PROVISIONING = '/api/v1/provisioning';

/** Reads what can be compared. @throws OperatorError when something that the files name cannot be edited or is in another folder */
export async function readScreen(client: Client, query: ScreenQuery): Promise<Screen> {
  const orgId = Number((await client.get<JsonObject>('/api/org')).id);
  const { buildInfo } = await client.get<JsonObject>('/api/frontend/settings');
  const hasFolder = (await client.find(`/api/folders/${FOLDER.uid}`)) !== undefined;
  const dashboards = await readDashboards(client, query.dashboardUids);
  refuseProvided(dashboards);
  const list = (path: string) => client.get<readonly JsonObject[]>(`${PROVISIONING}/${path}`);
  const rules = await list('alert-rules');
  const points = await list('contact-points');
  const timings = await list('mute-timings');
  // Grafana without any template answers null.
  const templates = (await list('templates')) ?? [];
  const tree = await client.get<JsonObject>(`${PROVISIONING}/policies`);
  const place = placeOf(tree, query.remembered, query.policies);
  const ours = ourPolicies(tree, place);
  refuseOthers(rules, query.ruleUids);
  const inFolder = rules.filter((rule) => rule.folderUID === FOLDER.uid);
  const units: readonly Unit[] = [
    ...[...dashboards.values()].map(comparableDashboard),
    ...inFolder.map((rule) => ruleUnit(rule, asText(rule.ruleGroup))),
    ...(await readGroups(client, new Set(inFolder.map((rule) => asText(rule.ruleGroup))))),
    ...points.map((point) => contactPointUnit(point, asText(point.name))),
    ...timings.map(muteTimingUnit),
    ...templates.map(templateUnit),
    ...(ours === undefined ? [] : [{ kind: 'policies', key: '', content: ours } as const]),
  ];
  const versions = [
    ...timings.map((timing): [string, string] => [
      unitId({ kind: 'muteTiming', key: asText(timing.name) }),
      asText(timing.version),
    ]),
    ...templates.map((template): [string, string] => [
      unitId({ kind: 'template', key: asText(template.name) }),
      asText(template.version),
    ]),
  ];
  return {
    orgId,
    version: asText(asObject(buildInfo).version),
    hasFolder,
    units: toUnits(units),
    dashboards,
    tree,
    place,
    rules: new Map(inFolder.map((rule) => [asText(rule.uid), rule])),
    versions: new Map(versions),
  };
}

/** What only a newer form holds counts as an edit, so that an apply does not take it away. */
function comparableDashboard({ dashboard, lost }: ScreenDashboard): Unit {
  const unit = dashboardUnit(dashboard);
  return lost.length === 0 ? unit : { ...unit, content: { ...unit.content, beyondClassic: lost } };
}

async function readGroups(client: Client, names: ReadonlySet<string>): Promise<readonly Unit[]> {
  return Promise.all(
    [...names].map(async (name) => {
      const path = `${PROVISIONING}/folder/${FOLDER.uid}/rule-groups/${encodeURIComponent(name)}`;
      return groupUnit(name, asObject(await client.get(path)).interval);
    }),
  );
}

function refuseProvided(dashboards: ReadonlyMap<string, ScreenDashboard>): void {
  for (const [uid, { providedBy }] of dashboards)
    if (providedBy !== undefined)
      throw new OperatorError(
        `Dashboard "${uid}" comes from a file provider (${providedBy}), so an apply would be overwritten. ` +
          'Use either way, not both: start Grafana without provisioning/dashboards, then apply again',
        EXIT.wrong,
      );
}

/** Rules of ours that stand elsewhere, as those that file provisioning brought. */
function refuseOthers(rules: readonly JsonObject[], uids: readonly string[]): void {
  for (const rule of rules) {
    const uid = asText(rule.uid);
    if (!uids.includes(uid)) continue;
    const provenance = asText(rule.provenance);
    if (provenance === 'file')
      throw new OperatorError(
        `Rule "${uid}" came by Grafana's file provisioning, which nothing else may change. Use either way, not both: ` +
          'start Grafana without provisioning/alerting and with a file that lists this rule under deleteRules, then apply again',
        EXIT.wrong,
      );
    if (rule.folderUID !== FOLDER.uid)
      throw new OperatorError(
        `Rule "${uid}" is in the folder with uid "${asText(rule.folderUID)}", not in "${FOLDER.uid}"; move or delete it there, then apply again`,
        EXIT.wrong,
      );
  }
}
