import { dashboardText } from '../dashboardForm';
import type { Json } from '../json';
import { documentText, editable } from '../yamlEdit';
import { panelName, rulesOf, ruleName, type Finding, type LintContext } from './context';

const NOT_IN_FILES = ['id', 'version', '__inputs', '__elements', '__requires'];

/** Files are in the form in which a pull writes them, so that one edit is one line of a diff. */
export async function form({ dashboards, alerting }: LintContext): Promise<readonly Finding[]> {
  const rule = 'form';
  const found: Finding[] = [];
  for (const { file, text, dashboard } of dashboards) {
    for (const key of NOT_IN_FILES.filter((k) => k in dashboard))
      found.push({ rule, file, where: '', problem: `has the key "${key}"`, remedy: 'remove it (--fix)' });
    if (text !== dashboardText(dashboard))
      found.push({
        rule,
        file,
        where: '',
        problem: 'is not in the form of a pull',
        remedy: 'run with --fix',
      });
  }
  for (const { file, text } of alerting) {
    if (/rawSql: >/.test(text))
      found.push({
        rule,
        file,
        where: '',
        problem: 'has SQL as a folded text (>-), one endless line in Grafana’s editor',
        remedy: 'write |- instead',
      });
    if (text !== (await documentText(editable(text))))
      found.push({
        rule,
        file,
        where: '',
        problem: 'is not in the form of a pull',
        remedy: 'run with --fix',
      });
  }
  return found;
}

/** Uids and titles of dashboards and rules, and ids of panels, are unique. */
export function unique(context: LintContext): readonly Finding[] {
  const { dashboards } = context;
  const rules = rulesOf(context);
  return [
    ...repeated(
      'unique',
      dashboards.map(({ file, dashboard }) => ({ file, where: '', value: dashboard.uid, what: 'uid' })),
    ),
    ...repeated(
      'unique',
      dashboards.map(({ file, dashboard }) => ({ file, where: '', value: dashboard.title, what: 'title' })),
    ),
    ...repeated(
      'unique',
      rules.map(({ file, rule }) => ({ file, where: ruleName(rule), value: rule.uid, what: 'uid' })),
    ),
    ...repeated(
      'unique',
      rules.map(({ file, rule }) => ({ file, where: ruleName(rule), value: rule.title, what: 'title' })),
    ),
    ...dashboards.flatMap(({ file, panels }) =>
      repeated(
        'unique',
        panels.map((panel) => ({ file, where: panelName(panel), value: panel.id, what: 'panel id' })),
      ),
    ),
  ];
}

interface Named {
  readonly file: string;
  readonly where: string;
  readonly value: Json | undefined;
  readonly what: string;
}

function repeated(rule: string, items: readonly Named[]): readonly Finding[] {
  const seen = new Map<string, Named>();
  return items.flatMap((item): readonly Finding[] => {
    const { file, where, value, what } = item;
    const key = JSON.stringify(value ?? null);
    if (value === undefined || value === '' || value === null)
      return [{ rule, file, where, problem: `has no ${what}`, remedy: `give it a ${what}` }];
    const first = seen.get(key);
    seen.set(key, first ?? item);
    if (first === undefined) return [];
    const place = [first.file, first.where].filter(Boolean).join(', ');
    return [
      {
        rule,
        file,
        where,
        problem: `${what} ${key} is that of ${place} too`,
        remedy: `give it another ${what}`,
      },
    ];
  });
}
