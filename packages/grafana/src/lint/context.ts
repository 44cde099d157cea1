import { asList, asObject, asText, isObject, type Json, type JsonObject } from '../json';
import type { ProofResults } from './proofs';
import type { Schema } from './schema';

/** Something that a rule found. */
export interface Finding {
  /** The rule's short name. */
  readonly rule: string;
  readonly file: string;
  /** Panel, variable, rule; empty for the file as a whole. */
  readonly where: string;
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
}

export interface LintDashboard {
  readonly file: string;
  readonly text: string;
  readonly dashboard: JsonObject;
  /** All panels, those in folded rows too. */
  readonly panels: readonly JsonObject[];
}

interface LintAlerting {
  readonly file: string;
  readonly text: string;
  readonly content: JsonObject;
}

/** What the rules look at. */
export interface LintContext {
  readonly dashboards: readonly LintDashboard[];
  readonly alerting: readonly LintAlerting[];
  readonly schema: Schema;
  /** Uid to type of the data sources that are provisioned. */
  readonly dataSources: ReadonlyMap<string, string>;
  /** What is known of alert rules, by uid. */
  readonly proofs: ProofResults['rules'];
}

export type Rule = (context: LintContext) => readonly Finding[] | Promise<readonly Finding[]>;

/** A statement and where it stands. */
export interface Statement {
  readonly file: string;
  readonly where: string;
  readonly sql: string;
}

/** The panels of a dashboard with those in folded rows. */
export function panelsOf(dashboard: JsonObject): readonly JsonObject[] {
  return asList(dashboard.panels)
    .map(asObject)
    .flatMap((panel) => [panel, ...asList(panel.panels).map(asObject)]);
}

/** A panel for a person. */
export function panelName(panel: JsonObject): string {
  return `painel "${asText(panel.title)}" (${JSON.stringify(panel.id ?? null)})`;
}

/** Every SQL statement of a dashboard: of panels, variables and annotations. */
export function statementsOf({ file, dashboard, panels }: LintDashboard): readonly Statement[] {
  const ofPanels = panels.flatMap((panel) =>
    asList(panel.targets).map((target) => ({
      where: panelName(panel),
      sql: asText(asObject(target).rawSql),
    })),
  );
  const ofVariables = variablesOf(dashboard)
    .filter(({ type }) => type === 'query')
    .map((variable) => ({ where: `variável "${asText(variable.name)}"`, sql: variableSql(variable) }));
  const ofAnnotations = asList(asObject(dashboard.annotations).list).map((item) => {
    const { name, rawSql, target } = asObject(item);
    return { where: `anotação "${asText(name)}"`, sql: asText(rawSql) || asText(asObject(target).rawSql) };
  });
  return [...ofPanels, ...ofVariables, ...ofAnnotations]
    .filter(({ sql }) => sql !== '')
    .map((statement) => ({ file, ...statement }));
}

/** Every SQL statement of the alert rules. */
export function ruleStatements(context: LintContext): readonly Statement[] {
  return rulesOf(context).flatMap(({ file, rule }) =>
    asList(rule.data)
      .map((query) => asText(asObject(asObject(query).model).rawSql))
      .filter((sql) => sql !== '')
      .map((sql) => ({ file, where: ruleName(rule), sql })),
  );
}

/** The alert rules of all files. */
export function rulesOf({ alerting }: LintContext): readonly { file: string; rule: JsonObject }[] {
  return alerting.flatMap(({ file, content }) =>
    asList(content.groups)
      .flatMap((group) => asList(asObject(group).rules))
      .map((rule) => ({ file, rule: asObject(rule) })),
  );
}

/** An alert rule for a person. */
export function ruleName(rule: JsonObject): string {
  return `regra "${asText(rule.uid)}"`;
}

/** The variables of a dashboard. */
export function variablesOf(dashboard: JsonObject): readonly JsonObject[] {
  return asList(asObject(dashboard.templating).list).map(asObject);
}

/** Every text in a value, with the path of keys that leads to it. */
export function textsIn(
  value: Json,
  path: readonly string[] = [],
): readonly { readonly path: readonly string[]; readonly text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((item, i) => textsIn(item, [...path, String(i)]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, v]) => textsIn(v, [...path, key]));
}

function variableSql({ query }: JsonObject): string {
  return typeof query === 'string' ? query : asText(asObject(query).rawSql) || asText(asObject(query).query);
}
