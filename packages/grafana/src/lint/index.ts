import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readAlertingFiles } from '../alertingFiles';
import { readDashboardFiles } from '../dashboardFiles';
import { dashboardText } from '../dashboardForm';
import { readDataSourceTypes } from '../dataSourceFiles';
import { foldersOf } from '../folders';
import { without } from '../json';
import { documentText, editable } from '../yamlEdit';
import { panelsOf, type Finding, type LintContext, type Rule } from './context';
import { readProofs } from './proofs';
import { proven } from './rulesOfAlerts';
import { form, unique } from './rulesOfFiles';
import { alertTargets, colors, links } from './rulesOfLinks';
import { dataSources, grid, texts, units } from './rulesOfPanels';
import { queries, variables } from './rulesOfQueries';
import { templates } from './rulesOfTemplates';
import { readSchema } from './schema';

export type { Finding, LintContext } from './context';
export { proofsFile, readProofs, unproven, type ProofResults, type Proven } from './proofs';

const RULES: readonly Rule[] = [
  form,
  unique,
  texts,
  units,
  grid,
  dataSources,
  queries,
  variables,
  links,
  colors,
  alertTargets,
  templates,
  proven,
];
const TO_FIX = ['id', 'version', '__inputs', '__elements', '__requires'];

/** Everything that is wrong with the dashboards and alert rules, by file. */
export async function lint(context: LintContext): Promise<readonly Finding[]> {
  const found = await Promise.all(RULES.map(async (rule) => rule(context)));
  return found.flat().sort((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)));
}

/** Reads what the rules look at from a checkout. @throws OperatorError (78) when a file cannot be read as what it is */
export async function readLintContext(root?: string): Promise<LintContext> {
  const folders = foldersOf(root);
  const top = path.dirname(folders.dashboards);
  const dashboards = await readDashboardFiles(folders.dashboards);
  return {
    dashboards: dashboards.map((file) => ({ ...file, panels: panelsOf(file.dashboard) })),
    alerting: await readAlertingFiles(folders.alerting),
    schema: await readSchema(path.join(top, 'sql')),
    dataSources: await readDataSourceTypes(folders),
    proofs: (await readProofs(top)).rules,
  };
}

/** Brings files into the form in which a pull writes them. @returns those that changed */
export async function fixForm({ dashboards, alerting }: LintContext): Promise<readonly string[]> {
  const wanted = [
    ...dashboards.map(({ file, text, dashboard }) => ({
      file,
      text,
      want: dashboardText(without(dashboard, ...TO_FIX)),
    })),
    ...(await Promise.all(
      alerting.map(async ({ file, text }) => ({ file, text, want: await documentText(editable(text)) })),
    )),
  ].filter(({ text, want }) => text !== want);
  for (const { file, want } of wanted) await writeFile(file, want);
  return wanted.map(({ file }) => file);
}
