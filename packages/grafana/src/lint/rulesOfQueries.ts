import path from 'node:path';
import { asObject, asText, type JsonObject } from '../json';
import {
  ruleStatements,
  statementsOf,
  textsIn,
  variablesOf,
  type Finding,
  type LintContext,
  type LintDashboard,
  type Statement,
} from './context';
import { relations, selectsAll } from './sql';

/** Must run on any PostgreSQL that has these two tables and nothing else of ours. */
const PORTABLE = { file: 'entregas-lote.json', tables: ['pacotes', 'eventos_rastreamento'] };
/** Schemas that every database has. */
const OF_THE_SERVER = /^(pg_catalog\.|information_schema\.|pg_)/;

/** Panels, variables and rules read views and functions, never tables, and name the columns they take. */
export function queries(context: LintContext): readonly Finding[] {
  const statements = [...context.dashboards.flatMap(statementsOf), ...ruleStatements(context)];
  return statements.flatMap((statement) => [
    ...relationFindings(context, statement),
    ...(selectsAll(statement.sql)
      ? [
          {
            rule: 'select *',
            file: statement.file,
            where: statement.where,
            problem: 'takes all columns (SELECT *)',
            remedy: 'name the columns',
          },
        ]
      : []),
  ]);
}

/** Variables that are defined are used, and those that are used are defined; also those that a link sets in another dashboard. */
export function variables({ dashboards }: LintContext): readonly Finding[] {
  const byUid = new Map(dashboards.map((d) => [asText(d.dashboard.uid), d]));
  return dashboards.flatMap((dashboard) => [
    ...variableUse(dashboard),
    ...textsIn(dashboard.dashboard).flatMap(({ text }) => linkedVariables(dashboard, text, byUid)),
  ]);
}

function relationFindings({ schema }: LintContext, { file, where, sql }: Statement): readonly Finding[] {
  const portable = path.basename(file) === PORTABLE.file;
  return relations(sql).flatMap((name): readonly Finding[] => {
    const finding = { rule: 'views only', file, where };
    if (portable)
      return PORTABLE.tables.includes(name)
        ? []
        : [
            {
              ...finding,
              problem: `reads "${name}"`,
              remedy: `read only ${PORTABLE.tables.join(' and ')}: this dashboard is for any database with these two`,
            },
          ];
    if (schema.views.has(name) || OF_THE_SERVER.test(name)) return [];
    if (schema.tables.has(name))
      return [
        { ...finding, problem: `reads the table "${name}"`, remedy: 'read a view or a function of sql/' },
      ];
    return [
      {
        ...finding,
        problem: `reads "${name}", which sql/ does not make`,
        remedy: 'correct the name, or add the view to sql/',
      },
    ];
  });
}

function variableUse({ file, dashboard }: LintDashboard): readonly Finding[] {
  const defined = variablesOf(dashboard);
  const names = new Set(defined.map(({ name }) => asText(name)));
  const rest: JsonObject = { ...dashboard, templating: {} };
  const ofOthers = (name: string) => defined.filter((variable) => variable.name !== name);
  const texts = (value: JsonObject) => textsIn(value).map(({ text }) => text);
  const usedIn = (value: JsonObject) => new Set(texts(value).flatMap(namesIn));
  const unused = defined
    .filter(({ type }) => type !== 'adhoc')
    .map(({ name }) => asText(name))
    .filter((name) => {
      const others: JsonObject = { ...rest, templating: { list: ofOthers(name) } };
      // An option of a panel may name a variable that a click sets.
      return !usedIn(others).has(name) && !texts(asObject({ panels: dashboard.panels ?? [] })).includes(name);
    });
  const undefinedNames = [...usedIn(dashboard)].filter((name) => !names.has(name) && !isBuiltIn(name));
  return [
    ...unused.map((name) => ({
      rule: 'variables',
      file,
      where: `variável "${name}"`,
      problem: 'is defined and nowhere used',
      remedy: 'use it or remove it',
    })),
    ...undefinedNames.map((name) => ({
      rule: 'variables',
      file,
      where: `variável "${name}"`,
      problem: 'is used and not defined',
      remedy: 'define it, or correct the name',
    })),
  ];
}

/** The names of the variables in a text; the tags of dollar quotes are none. */
function namesIn(text: string): readonly string[] {
  const plain = text.replace(/\$[A-Za-z_]*\$(?=[^{]|\$\{|$)/g, ' ');
  const found = plain.matchAll(/\$\{([A-Za-z_]\w*)[^}]*\}|\[\[([A-Za-z_]\w*)[^\]]*\]\]|\$([A-Za-z_]\w*)/g);
  return [...found].map(([, braced, bracketed, bare]) => braced ?? bracketed ?? bare ?? '');
}

function isBuiltIn(name: string): boolean {
  return name.startsWith('__') || name === 'timeFilter';
}

function linkedVariables(
  { file }: LintDashboard,
  text: string,
  byUid: ReadonlyMap<string, LintDashboard>,
): readonly Finding[] {
  return [...text.matchAll(/\/?\bd\/([\w-]+)(?:\/[\w-]*)?\?([^\s"')]*)/g)].flatMap(
    ([, uid = '', query = '']) => {
      const target = byUid.get(uid);
      if (target === undefined) return [];
      const names = new Set(variablesOf(target.dashboard).map(({ name }) => asText(name)));
      const set = [...query.matchAll(/(?:^|&|\?)var-([\w-]+)=/g)].map(([, name = '']) => name);
      return set
        .filter((name) => !names.has(name))
        .map((name) => ({
          rule: 'variables',
          file,
          where: `link para /d/${uid}`,
          problem: `sets the variable "${name}", which that dashboard does not have`,
          remedy: `use one of ${[...names].join(', ') || '(it has none)'}`,
        }));
    },
  );
}
