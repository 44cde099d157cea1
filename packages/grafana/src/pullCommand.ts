import path from 'node:path';
import { OperatorError } from '@rastreio/runtime';
import type { Command } from 'commander';
import { readTarget } from './auth';
import { describeDifference } from './differences';
import { foldersOf } from './folders';
import { rootOption, SIGN_IN_HELP, urlOption, waitOption } from './options';
import { leftId, pullFromGrafana, type Left, type PullResult } from './pull';
import { writeSavedForms } from './savedForm';
import { describeUnit } from './units';

interface Options {
  readonly url: string;
  readonly root?: string;
  readonly wait: number;
  readonly force: boolean;
  readonly asSaved: boolean;
}

const MAX_DIFFERENCES = 12;

/** Adds `pull` to the program. */
export function addPull(program: Command): void {
  program
    .command('pull')
    .description(
      'write what was edited on Grafana’s screen into dashboards/ and provisioning/alerting/; look at it with git diff',
    )
    .addOption(urlOption())
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
      `${SIGN_IN_HELP}\nExit codes: 0 done, 1 failed or something could not be written, 2 usage, 78 a setting is missing or a file is wrong.`,
    )
    .action(pull);
}

async function pull({ url, root, wait, force, asSaved }: Options): Promise<void> {
  const target = readTarget(url);
  const folders = foldersOf(root);
  const result = await pullFromGrafana({
    ...target,
    folders,
    force,
    waitMs: wait * 1000,
  });
  process.stderr.write(pullReport(result));
  const asSavedFiles = asSaved ? await writeSavedForms(target, folders) : [];
  for (const file of asSavedFiles)
    process.stderr.write(`as the screen saves it: ${path.relative('', file)}\n`);
  process.stdout.write(`${JSON.stringify({ ...summary(result), asSaved: asSavedFiles.length })}\n`);
  const left = result.conflicts.length + result.lost.length;
  if (left > 0) throw new OperatorError(`${left} on the screen could not be written into the files`);
}

/** What a pull did, for a person. */
export function pullReport({
  files,
  pulled,
  removed,
  ahead,
  conflicts,
  lost,
  variables,
}: PullResult): string {
  const lines = [
    ...pulled.flatMap((left) => leftLines('pulled', left)),
    ...removed.map((id) => `removed from the files, as deleted on the screen: ${id}`),
    ...ahead.map((id) => `not applied yet: ${id}`),
    ...conflicts.flatMap((left) => leftLines('edited on both sides, nothing written', left)),
    ...lost.map(
      ({ uid, title, what }) =>
        `dashboard "${title}" (${uid}): nothing written, the classic form cannot hold: ${what.join(', ')}`,
    ),
    ...files.map((file) => `wrote ${path.relative('', file)}`),
    ...variables.map((name) => `Grafana does not tell a secret: set ${name} before the next apply`),
  ];
  if (files.length + conflicts.length + lost.length === 0)
    lines.push('the files have everything that was edited on the screen');
  if (conflicts.length > 0)
    lines.push(
      'commit or keep your edits elsewhere, then "npm run grafana:pull -- --force" takes the screen’s',
    );
  return lines.map((line) => `${line}\n`).join('');
}

function leftLines(what: string, { unit, title, differences }: Left): readonly string[] {
  const more = differences.length - MAX_DIFFERENCES;
  return [
    `${what}: ${describeUnit(unit, title)}`,
    ...differences.slice(0, MAX_DIFFERENCES).map((d) => `    ${describeDifference(d)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

function summary({ files, pulled, removed, ahead, conflicts, lost, variables }: PullResult): object {
  return {
    command: 'grafana:pull',
    files: files.map((file) => path.relative('', file)),
    pulled: pulled.map(leftId),
    removed,
    ahead,
    conflicts: conflicts.map(leftId),
    lost,
    variables,
  };
}
