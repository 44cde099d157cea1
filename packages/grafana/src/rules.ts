import path from 'node:path';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { alertingUnits, readAlertingFiles } from './alertingFiles';
import { groupUnit, routeForm, ruleUnit } from './alertingForm';
import type { Target } from './auth';
import { createClient } from './client';
import { durationMs } from './duration';
import type { Env } from './interpolate';
import { asObject, asText, type JsonObject } from './json';
import { FOLDER, type Unit } from './units';

export { durationMs } from './duration';
export { tokens } from './lint/sql';
export { asList, asObject, asText, type Json, type JsonObject } from './json';

/** A rule in the form of the files. */
export interface FoundRule {
  readonly uid: string;
  readonly content: JsonObject;
  readonly intervalMs: number;
  /** The title of its folder. */
  readonly folder: string;
}

export interface FoundRules {
  readonly rules: readonly FoundRule[];
  /** The notification policies that tell of them. */
  readonly policies: JsonObject;
}

/** The rules of a folder with alerting files, as Grafana would have them. @throws OperatorError (78) for files that are wrong */
export async function rulesOfFiles(folder: string, env: Env): Promise<FoundRules> {
  const units = alertingUnits(await readAlertingFiles(path.resolve(folder)), env);
  const of = (kind: Unit['kind']) => units.filter((unit) => unit.kind === kind);
  const groups = new Map(of('group').map(({ key, content }) => [key, content]));
  return {
    rules: of('rule').map(({ key, content }) => ({
      uid: key,
      content,
      intervalMs: intervalOf(groups.get(asText(content.group))),
      folder: FOLDER.title,
    })),
    policies: of('policies')[0]?.content ?? {},
  };
}

/** One rule of a running Grafana. @throws OperatorError when it has none with this uid, or does not answer */
export async function ruleOfGrafana(target: Target, uid: string): Promise<FoundRules> {
  const client = createClient(target);
  const name = encodeURIComponent(uid);
  const rule = await client.find<JsonObject>(`/api/v1/provisioning/alert-rules/${name}`);
  if (rule === undefined)
    throw new OperatorError(
      `${client.url} has no alert rule with the uid "${uid}"; it stands in the address of the rule's page`,
      EXIT.usage,
    );
  const folderUid = asText(rule.folderUID);
  const [group, folder, policies] = await Promise.all([
    client.get<JsonObject>(
      `/api/v1/provisioning/folder/${encodeURIComponent(folderUid)}/rule-groups/${encodeURIComponent(asText(rule.ruleGroup))}`,
    ),
    client.get<JsonObject>(`/api/folders/${encodeURIComponent(folderUid)}`),
    client.get<JsonObject>('/api/v1/provisioning/policies'),
  ]);
  const { content } = ruleUnit(rule, asText(rule.ruleGroup));
  return {
    rules: [
      {
        uid,
        content,
        intervalMs: intervalOf(groupUnit('', group.interval).content),
        folder: asText(asObject(folder).title),
      },
    ],
    policies: routeForm(policies),
  };
}

function intervalOf(group: JsonObject | undefined): number {
  return durationMs(asText(group?.interval)) || 60_000;
}
