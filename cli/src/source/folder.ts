import path from 'node:path';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { REPO_ROOT } from '@rastreio/stack/grafana';
import { loadProfiles, type ProfileProblem, type SourceProfile } from '@rastreio/sources';
import { Option, type Command } from 'commander';

export interface FolderOptions {
  readonly profiles: string;
}

/** Adds `--profiles`, the folder of source profiles; services read the same variable. */
export function addFolder(command: Command): Command {
  return command.addOption(
    new Option('--profiles <folder>', 'of source profiles')
      .env('SOURCE_PROFILES')
      .default(path.join(REPO_ROOT, 'config/sources'), 'config/sources of this checkout'),
  );
}

/** A problem of a profile as a line that editors jump to. */
export function problemLine({ file, line, text }: ProfileProblem): string {
  return `${file}:${line}: ${text}`;
}

/**
 * One profile of a folder, whatever the others are like.
 *
 * @throws OperatorError (78) with every problem of it, (2) when there is none of this name
 */
export async function findProfile(name: string, folder: string): Promise<SourceProfile> {
  const { profiles, problems } = await loadProfiles(folder);
  const found = profiles.get(name);
  if (found !== undefined) return found;
  const own = problems.filter(({ file }) => [`${name}.yaml`, `${name}.yml`].includes(path.basename(file)));
  if (own.length > 0)
    throw new OperatorError(
      `${name} is broken; correct these lines:\n${own.map((problem) => `  ${problemLine(problem)}`).join('\n')}`,
      EXIT.config,
    );
  const known = [...profiles.keys()].join(', ') || 'none';
  throw new OperatorError(
    `There is no profile ${JSON.stringify(name)} in ${folder}: those there are ${known}. Write ${name}.yaml there (docs/sources.md), or name another folder by --profiles`,
    EXIT.usage,
  );
}
