import path from 'node:path';
import {
  foldersOf,
  leftId,
  pullFromGrafana,
  pullReport,
  writeSavedForms,
  type PullResult,
} from '@rastreio/grafana';
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
  readonly asSaved: boolean;
}

/** Adds `pull` to the program. */
export function addPull(program: Command): void {
  addGrafana(program.command('pull'))
    .description(
      'write what was edited on Grafana’s screen into dashboards/ and provisioning/alerting/; look at it with git diff',
    )
    .option('--force', 'the screen wins where the files were edited as well', false)
    .option(
      '--as-saved',
      'then write dashboards in the form in which this Grafana’s screen saves them (with its defaults), read in a browser',
      false,
    )
    .addOption(rootOption())
    .addOption(waitOption())
    .addHelpText(
      'after',
      `${SIGN_IN_HELP}${exitCodes('done', 'failed or something could not be written', 'a setting is missing or a file is wrong')}`,
    )
    .action(pull);
}

async function pull({ root, wait, force, asSaved, ...options }: Options): Promise<void> {
  needFiles(['dashboards', 'provisioning/alerting'], root);
  const target = await findGrafana(options);
  const folders = foldersOf(root);
  const result = await pullFromGrafana({
    ...target,
    folders,
    force,
    waitMs: wait * 1000,
  });
  say(pullReport(result));
  const asSavedFiles = asSaved ? await writeSavedForms(target, folders) : [];
  for (const file of asSavedFiles) say(`as the screen saves it: ${path.relative('', file)}`);
  printResult('grafana:pull', { ...summary(result), asSaved: asSavedFiles.length });
  const left = result.conflicts.length + result.lost.length;
  if (left > 0) throw new OperatorError(`${left} on the screen could not be written into the files`);
}

function summary({ files, pulled, removed, ahead, conflicts, lost, variables }: PullResult): object {
  return {
    files: files.map((file) => path.relative('', file)),
    pulled: pulled.map(leftId),
    removed,
    ahead,
    conflicts: conflicts.map(leftId),
    lost,
    variables,
  };
}
