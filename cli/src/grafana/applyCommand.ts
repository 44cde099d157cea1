import { applyReport, applyToGrafana, foldersOf, unitId, type ApplyResult } from '@rastreio/grafana';
import { OperatorError } from '@rastreio/runtime';
import type { Command } from 'commander';
import { needFiles } from '../common/checkout';
import { addGrafana, exitCodes, type PlaceOptions } from '../common/options';
import { printResult, say } from '../common/output';
import { rootOption, SIGN_IN_HELP, waitOption } from './options';
import { findGrafana } from './place';

interface Options extends PlaceOptions {
  readonly root?: string;
  readonly wait: number;
  readonly force: boolean;
  readonly keep: boolean;
  readonly dryRun: boolean;
}

/** Adds `apply` to the program. */
export function addApply(program: Command): void {
  addGrafana(program.command('apply'))
    .description(
      'bring dashboards/ and provisioning/alerting/ into a running Grafana, editable on its screen',
    )
    .option('--force', 'the files win over what was edited on the screen', false)
    .option('--keep', 'what was edited on the screen is kept, and that is no failure', false)
    .option('--dry-run', 'tell what would be done and do nothing', false)
    .addOption(rootOption())
    .addOption(waitOption())
    .addHelpText(
      'after',
      `${SIGN_IN_HELP}${exitCodes('done', 'failed or something is kept as it was edited on the screen', 'a setting is missing or a file is wrong')}`,
    )
    .action(apply);
}

async function apply({ root, wait, force, keep, dryRun, ...options }: Options): Promise<void> {
  needFiles(['dashboards', 'provisioning/alerting'], root);
  const result = await applyToGrafana({
    ...(await findGrafana(options)),
    folders: foldersOf(root),
    force,
    dryRun,
    waitMs: wait * 1000,
  });
  say(applyReport(result));
  printResult('grafana:apply', summary(result));
  if (result.kept.length > 0 && !keep)
    throw new OperatorError(`${result.kept.length} kept as edited on the screen`);
}

function summary({ created, updated, removed, unchanged, kept, dryRun }: ApplyResult): object {
  const keptIds = kept.map(({ unit, reason, differences }) => ({
    unit: unitId(unit),
    reason,
    differences: differences.length,
  }));
  return { dryRun, created, updated, removed, unchanged, kept: keptIds };
}
