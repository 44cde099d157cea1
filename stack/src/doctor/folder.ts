import { existsSync } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readHolder } from '../lock';
import { pidFileOf, readPidFile } from '../pidFile';
import { isStill } from '../processTable';
import { isNoted } from '../running';
import { readSecrets } from '../secrets';
import { closed, existing, textOf } from './resources';
import { check, fail, ok, warn } from './types';

export const writable = check({
  code: 'RD040',
  title: 'Stack’s folder',
  wants: 'a folder that we may write into, or make',
  remedy: 'give a folder that you may write into (--dir)',
  gather: async ({ dir }) => {
    const at = await existing(dir);
    return { dir, at, problem: await closed(at) };
  },
  judge: ({ dir, at, problem }) => {
    if (problem !== undefined) return fail(`${at}: ${problem}`);
    return ok(at === dir ? dir : `${dir}, to be made`);
  },
});

export const secrets = check({
  code: 'RD041',
  title: 'Passwords',
  wants: '`secrets.json` whole and readable by nobody else',
  remedy: 'chmod 600 it',
  gather: async ({ dir }) => {
    const file = path.join(dir, 'secrets.json');
    const mode = (await stat(file).catch(() => undefined))?.mode;
    const problem = await readSecrets(dir).then(
      () => undefined,
      (error: Error) => error.message,
    );
    return { file, mode, problem };
  },
  judge: ({ file, mode, problem }) => {
    if (problem !== undefined)
      return fail(problem, 'put it back from a copy, or forget the data with --reset');
    if (mode === undefined) return ok('none yet');
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      return warn(`${file} can be read by others (${(mode & 0o777).toString(8)})`, `chmod 600 ${file}`);
    return ok(file);
  },
});

export const lock = check({
  code: 'RD042',
  title: 'Lock',
  wants: 'no lock, or that of a stack that runs',
  remedy: 'nothing: the next start takes it over; remove it if you never start here again',
  gather: async ({ dir }) => {
    const file = path.join(dir, 'lock');
    const info = await stat(file).catch(() => undefined);
    if (info === undefined) return undefined;
    const holder = info.isFile() ? await readHolder(file) : undefined;
    return { file, isFile: info.isFile(), holder };
  },
  judge: (found) => {
    if (found === undefined) return ok('none');
    const { file, isFile, holder } = found;
    if (!isFile) return fail(`${file} is no file`, `remove ${file}`);
    if (holder === undefined) return warn(`${file} was left by a start that was killed`);
    return ok(`process ${holder.pid}${holder.stopping === true ? ', which is stopping' : ''}`);
  },
});

export const note = check({
  code: 'RD043',
  title: 'Note of the running stack',
  wants: '`running.json` whole, and of a stack that still runs: commands go by it',
  remedy: 'nothing: commands pass over it, and the next start replaces it',
  gather: async ({ dir, running }) => {
    const found = await running().then(
      (stack) => ({ runs: stack !== null, problem: undefined }),
      (error: Error) => ({ runs: false, problem: error.message }),
    );
    return { ...found, noted: isNoted(dir) };
  },
  judge: ({ runs, problem, noted }) => {
    if (problem !== undefined) return fail(problem, 'delete it, or start the stack again');
    if (runs) return ok('a stack runs');
    return noted ? warn('of a stack that was killed') : ok('none: no stack runs');
  },
});

export const leftovers = check({
  code: 'RD044',
  title: 'Leftovers of a killed start',
  wants: 'no process of a stack whose start is gone',
  remedy: 'npm start ends them first, gently; or end them by their ids',
  gather: async ({ dir }) => {
    const names = (await readdir(path.dirname(pidFileOf(dir, 'x'))).catch(() => [])).map((file) =>
      file.replace(/\.pid$/, ''),
    );
    const alive = names.flatMap((name) => {
      const known = readPidFile(dir, name);
      return known !== undefined && isStill(known) ? [`${name} (process ${known.pid})`] : [];
    });
    const holder = existsSync(path.join(dir, 'lock')) ? await readHolder(path.join(dir, 'lock')) : undefined;
    return { alive, held: holder !== undefined };
  },
  judge: ({ alive, held }) => {
    if (alive.length === 0) return ok('none');
    return held ? ok(`${alive.length} processes of the stack that runs`) : warn(alive.join(', '));
  },
});

export const orphans = check({
  code: 'RD045',
  title: 'Leftovers of tests',
  wants: 'no server that a test run left behind when it was killed',
  remedy: 'end them by their ids, if no test runs',
  gather: async ({ proc }) => {
    const pids = (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/.test(name));
    const found = await Promise.all(pids.map((pid) => orphanOf(path.join(proc, pid))));
    return found.flatMap((name, i) => (name === undefined ? [] : [`${name} (process ${pids[i]})`]));
  },
  judge: (found) => (found.length === 0 ? ok('none') : warn(found.join(', '))),
});

/** The name of a process without its parent that runs in a test's temporary folder, be it as its root. */
async function orphanOf(folder: string): Promise<string | undefined> {
  const status = await textOf(path.join(folder, 'status'));
  if (status === undefined || !/^PPid:\s+1$/m.test(status)) return undefined;
  const links = ['cwd', 'root'].map((name) => readlink(path.join(folder, name)).catch(() => ''));
  const places = [...(await Promise.all(links)), (await textOf(path.join(folder, 'cmdline'))) ?? ''];
  if (!places.some((text) => text.includes(path.join(tmpdir(), 'rastreio-')))) return undefined;
  return /^Name:\s+(.*)$/m.exec(status)?.[1] ?? 'somebody';
}
