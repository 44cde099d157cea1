import { EXIT } from '@rastreio/runtime';
import { loadProfiles, type Auth } from '@rastreio/sources';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { exitCodes } from '../common/options';
import { printResult, say } from '../common/output';
import { addFolder, problemLine, type FolderOptions } from './folder';

/** Adds `source list`. */
export function addList(source: Command): void {
  addFolder(source.command('list'))
    .description('the source profiles: what each reads, in which format, how its source shows who it is')
    .addHelpText('after', exitCodes('all are right', 'failed', 'a profile is broken: its lines are named'))
    .action(list);
}

async function list({ profiles: folder }: FolderOptions): Promise<void> {
  const { profiles, problems } = await loadProfiles(folder);
  const rows = [...profiles.values()].map(({ name, title, format, auth }) => ({
    name,
    title,
    format,
    auth: describe(auth),
  }));
  if (rows.length > 0) {
    const table = new Table({
      head: ['profile', 'reads', 'format', 'authentication'],
      style: { head: [], border: [] },
    });
    for (const { name, title, format, auth } of rows) table.push([name, title, format, auth]);
    say(table.toString());
  }
  for (const problem of problems) say(problemLine(problem));
  say(
    `${rows.length} profiles in ${folder}${problems.length > 0 ? `, ${problems.length} problems in others` : ''}`,
  );
  printResult('source:list', { folder, profiles: rows, problems });
  if (problems.length > 0) process.exitCode = EXIT.config;
}

/** Never a secret: a profile only says where it is. */
function describe(auth: Auth): string {
  switch (auth.type) {
    case 'none':
      return 'none';
    case 'apiKey':
      return `key in ${auth.in} ${auth.name}`;
    case 'hmac':
      return `HMAC ${auth.algorithm} in header ${auth.header}`;
  }
}
