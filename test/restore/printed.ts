import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pgProgram, run } from '@rastreio/stack';

const ROOT = path.resolve(__dirname, '../..');
const PAGE = path.join(ROOT, 'docs/backup.md');
const PROGRAMS = ['pg_dump', 'pg_restore', 'pg_basebackup', 'psql'];

/**
 * Runs the commands that docs/backup.md prints under a heading, as they are printed, in a folder.
 *
 * @param timescaledb whether the server has it; else what the page says of such a server is done
 * @throws Error when there is no such heading, or with the output of what does not end with 0
 */
export async function runPrinted(
  heading: string,
  dir: string,
  env: Readonly<Record<string, string>>,
  timescaledb = true,
): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const section = page.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`));
  const block = /^```sh\n(.*?)^```$/ms.exec(section ?? '')?.[1];
  if (block === undefined) throw new Error(`docs/backup.md prints no commands under "${heading}"`);
  const printed = block.split('\n');
  const lines = timescaledb
    ? printed
    : printed.filter((line) => !line.includes('timescaledb')).map(withoutIt);
  const bin = await programs(dir);
  await run('sh', ['-e', '-c', lines.join('\n')], {
    cwd: dir,
    env: { ...process.env, ...env, NODE_ENV: 'production', PATH: `${bin}:${process.env.PATH}` },
  });
}

function withoutIt(line: string): string {
  return line.includes(' db provision ') ? `${line} --no-timescaledb` : line;
}

/** A folder with PostgreSQL's programs by their names, wherever this machine has them, and ours. */
async function programs(dir: string): Promise<string> {
  const bin = path.join(dir, 'bin');
  await mkdir(bin, { recursive: true });
  for (const name of PROGRAMS) await script(path.join(bin, name), await pgProgram(name));
  const rastreio = [process.execPath, path.join(ROOT, 'cli/bin/rastreio.mjs')];
  // The folder is no checkout, where npx would find it.
  await writeFile(path.join(bin, 'npx'), `#!/bin/sh\nshift\nexec ${rastreio.join(' ')} "$@"\n`, {
    mode: 0o755,
  });
  return bin;
}

async function script(file: string, command: readonly string[]): Promise<void> {
  // One that is on PATH by this name is called by its own path, or it would be this script.
  const [program = '', ...rest] = command;
  const found = program.includes('/') || program === 'chroot' ? program : await which(program);
  await writeFile(file, `#!/bin/sh\nexec ${[found, ...rest].join(' ')} "$@"\n`);
  await chmod(file, 0o755);
}

async function which(program: string): Promise<string> {
  return (await run('sh', ['-c', `command -v ${program}`])).trim();
}
