import path from 'node:path';
import { fixForm, lint, readLintContext, type Finding } from '@rastreio/grafana';
import { OperatorError } from '@rastreio/runtime';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { needFiles } from '../common/checkout';
import { exitCodes } from '../common/options';
import { printResult, say } from '../common/output';
import { rootOption } from './options';

interface Options {
  readonly root?: string;
  readonly fix: boolean;
}

/** Adds `lint` to the program. */
export function addLint(program: Command): void {
  program
    .command('lint')
    .description(
      'look for what is wrong with dashboards/ and provisioning/alerting/, without Grafana or database',
    )
    .option('--fix', 'bring the files into the form in which a pull writes them', false)
    .addOption(rootOption())
    .addHelpText('after', exitCodes('nothing found', 'something found', 'a file cannot be read'))
    .action(run);
}

async function run({ root, fix }: Options): Promise<void> {
  needFiles(['dashboards', 'provisioning/alerting', 'provisioning/datasources'], root);
  const fixed = fix ? await fixForm(await readLintContext(root)) : [];
  const findings = await lint(await readLintContext(root));
  const relative = (file: string) => path.relative(root ?? '', file);
  for (const file of fixed) say(`brought into form: ${relative(file)}`);
  if (findings.length > 0) say(lintTable(findings, relative));
  printResult('grafana:lint', {
    fixed: fixed.map(relative),
    findings: findings.length,
    byRule: countByRule(findings),
  });
  if (findings.length > 0) throw new OperatorError(`${findings.length} found wrong`);
}

/** One row per finding. */
function lintTable(findings: readonly Finding[], relative: (file: string) => string): string {
  const table = new Table({
    head: ['file', 'where', 'rule', 'problem', 'what to do'],
    style: { head: [], border: [] },
    colWidths: [36, 34, 14, 44, 44],
    wordWrap: true,
  });
  table.push(
    ...findings.map(({ file, where, rule, problem, remedy }) => [
      relative(file),
      where,
      rule,
      problem,
      remedy,
    ]),
  );
  return table.toString();
}

function countByRule(findings: readonly Finding[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { rule } of findings) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}
