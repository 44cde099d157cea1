import { OperatorError } from '@rastreio/runtime';
import type { Command } from 'commander';
import { applyToGrafana, type ApplyResult } from './apply';
import { applyReport } from './applyReport';
import { readTarget } from './auth';
import { foldersOf } from './folders';
import { rootOption, SIGN_IN_HELP, urlOption, waitOption } from './options';
import { unitId } from './units';

interface Options {
  readonly url: string;
  readonly root?: string;
  readonly wait: number;
  readonly force: boolean;
  readonly keep: boolean;
  readonly dryRun: boolean;
}

/** Adds `apply` to the program. */
export function addApply(program: Command): void {
  program
    .command('apply')
    .description(
      'bring dashboards/ and provisioning/alerting/ into a running Grafana, editable on its screen',
    )
    .addOption(urlOption())
    .option('--force', 'the files win over what was edited on the screen', false)
    .option('--keep', 'what was edited on the screen is kept, and that is no failure', false)
    .option('--dry-run', 'tell what would be done and do nothing', false)
    .addOption(rootOption())
    .addOption(waitOption())
    .addHelpText(
      'after',
      `${SIGN_IN_HELP}\nExit codes: 0 done, 1 failed or something is kept as it was edited on the screen, 2 usage, 78 a setting is missing or a file is wrong.`,
    )
    .action(apply);
}

async function apply({ url, root, wait, force, keep, dryRun }: Options): Promise<void> {
  const result = await applyToGrafana({
    ...readTarget(url),
    folders: foldersOf(root),
    force,
    dryRun,
    waitMs: wait * 1000,
  });
  process.stderr.write(applyReport(result));
  process.stdout.write(`${JSON.stringify(summary(result))}\n`);
  if (result.kept.length > 0 && !keep)
    throw new OperatorError(`${result.kept.length} kept as edited on the screen`);
}

function summary({ created, updated, removed, unchanged, kept, dryRun }: ApplyResult): unknown {
  const keptIds = kept.map(({ unit, reason, differences }) => ({
    unit: unitId(unit),
    reason,
    differences: differences.length,
  }));
  return { command: 'grafana:apply', dryRun, created, updated, removed, unchanged, kept: keptIds };
}
