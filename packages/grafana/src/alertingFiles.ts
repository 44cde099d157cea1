import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { LineCounter, parseDocument } from 'yaml';
import {
  contactPointUnit,
  groupUnit,
  muteTimingUnit,
  routeForm,
  ruleUnit,
  templateUnit,
} from './alertingForm';
import { interpolate, interpolateAll, type Env } from './interpolate';
import { asList, asObject, asText, isObject, without, type Json, type JsonObject } from './json';
import { FOLDER, unitId, type Unit } from './units';

export interface AlertingFile {
  readonly file: string;
  readonly text: string;
  readonly content: JsonObject;
}

const SECTIONS = ['apiVersion', 'groups', 'contactPoints', 'policies', 'muteTimes', 'templates'];

/** All alerting files of a folder, by name. @throws OperatorError (78) for what is no YAML or has a section that is not applied */
export async function readAlertingFiles(folder: string): Promise<readonly AlertingFile[]> {
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  return Promise.all(names.map((name) => readAlertingFile(path.join(folder, name))));
}

/**
 * The units of the files, with environment variables filled in where Grafana's file provisioning does it: not in a query's model, in
 * annotations, in mute timings and in templates.
 *
 * @throws OperatorError (78) when a rule stands in another folder than ours, or two units have one name
 */
export function alertingUnits(files: readonly AlertingFile[], env: Env): readonly Unit[] {
  const units = files.flatMap((file) => unitsOf(file, env).map((unit) => ({ unit, file: file.file })));
  const seen = new Map<string, string>();
  for (const { unit, file } of units) {
    const id = unitId(unit);
    const other = seen.get(id);
    if (other !== undefined)
      throw new OperatorError(`${file}: ${id} stands in ${other} already; rename or remove one`, EXIT.config);
    if (unit.key === '' && unit.kind !== 'policies')
      throw new OperatorError(`${file}: a ${unit.kind} has no uid or name; give it one`, EXIT.config);
    seen.set(id, file);
  }
  return units.map(({ unit }) => unit);
}

/** A rule of a file with the variables filled in where Grafana does it. */
function interpolateRule(rule: JsonObject, env: Env): JsonObject {
  const data = asList(rule.data).map((query) => ({
    ...asObject(interpolateTexts(without(asObject(query), 'model'), env)),
    model: asObject(query).model ?? {},
  }));
  return {
    ...asObject(interpolateTexts(without(rule, 'data', 'annotations'), env)),
    ...(rule.annotations === undefined ? {} : { annotations: rule.annotations }),
    data,
  };
}

function unitsOf({ file, content }: AlertingFile, env: Env): readonly Unit[] {
  const of = (section: string): readonly JsonObject[] => asList(content[section]).map(asObject);
  return [
    ...of('groups').flatMap((group) => groupUnits(file, group, env)),
    ...of('contactPoints').flatMap((point) =>
      asList(point.receivers).map((receiver) =>
        contactPointUnit(asObject(interpolateAll(receiver, env)), interpolate(asText(point.name), env)),
      ),
    ),
    ...of('policies').map((policy): Unit => ({
      kind: 'policies',
      key: '',
      content: routeForm(asObject(interpolateAll(policy, env))),
    })),
    ...of('muteTimes').map(muteTimingUnit),
    ...of('templates').map(templateUnit),
  ];
}

function groupUnits(file: string, group: JsonObject, env: Env): readonly Unit[] {
  const name = interpolate(asText(group.name), env);
  const folder = interpolate(asText(group.folder), env);
  if (folder !== FOLDER.title)
    throw new OperatorError(
      `${file}: group "${name}" is in folder "${folder}"; everything here is in "${FOLDER.title}"`,
      EXIT.config,
    );
  return [
    groupUnit(name, interpolateTexts(group.interval ?? '', env)),
    ...asList(group.rules).map((rule) => ruleUnit(interpolateRule(asObject(rule), env), name)),
  ];
}

/** Variables filled into texts that stay texts, as in the fields that Grafana declares as such. */
function interpolateTexts(value: Json, env: Env): Json {
  if (typeof value === 'string') return interpolate(value, env);
  if (Array.isArray(value)) return value.map((item: Json) => interpolateTexts(item, env));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, interpolateTexts(v, env)]));
}

async function readAlertingFile(file: string): Promise<AlertingFile> {
  const text = await readFile(file, 'utf8');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined)
    throw new OperatorError(
      `${file}: line ${lines.linePos(error.pos[0]).line}: ${error.message}; correct it`,
      EXIT.config,
    );
  const content = asObject(document.toJS() as Json);
  const other = Object.keys(content).filter((key) => !SECTIONS.includes(key));
  if (other.length > 0)
    throw new OperatorError(
      `${file}: ${other.join(', ')} is not applied; use ${SECTIONS.join(', ')} (what leaves the files is removed from Grafana by itself)`,
      EXIT.config,
    );
  return { file, text, content };
}
