import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BUILT, isOld } from '../build';
import { answers } from '../run';
import { textOf } from './resources';
import { check, fail, ok, warn } from './types';

interface Lockfile {
  readonly packages: Readonly<Record<string, { version?: string; optional?: boolean; link?: boolean }>>;
}

export const modules = check({
  code: 'RD070',
  title: 'Installed packages',
  wants: 'node_modules has what package-lock.json names, in its versions',
  remedy: 'npm ci',
  gather: async ({ root }) => ({
    locked: JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')) as Lockfile,
    installed: await textOf(path.join(root, 'node_modules', '.package-lock.json')),
  }),
  judge: ({ locked, installed }) => {
    if (installed === undefined) return fail('nothing is installed');
    const there = (JSON.parse(installed) as Lockfile).packages;
    const wrong = Object.entries(locked.packages).filter(([place, { version, optional }]) => {
      if (!place.includes('node_modules/')) return false;
      const found = there[place];
      // Optional ones are for other systems.
      return found === undefined ? optional !== true : found.version !== version;
    });
    const names = wrong.map(([place]) => place.replace(/^.*node_modules\//, ''));
    if (names.length === 0) return ok(`${Object.keys(there).length} packages`);
    return fail(`${names.length} missing or of another version: ${names.slice(0, 3).join(', ')}`);
  },
});

export const builds = check({
  code: 'RD071',
  title: 'Builds',
  wants:
    'the panel plugin, and the preview’s page where the preview runs, are built and not older than their sources',
  remedy: 'nothing: npm start builds what it needs; or npm run build',
  gather: async ({ root, running }) => {
    const stack = await running();
    const needed = Object.entries(BUILT).filter(
      ([name]) => name !== 'services/preview' || stack?.grafana === null,
    );
    return Promise.all(
      needed.map(async ([name, { output, sources }]) => ({
        name,
        old: await isOld(
          path.join(root, output),
          sources.map((source) => path.join(root, source)),
        ),
      })),
    );
  },
  judge: (found) => {
    const old = found.filter((built) => built.old).map(({ name }) => name);
    return old.length === 0 ? ok('of these sources') : warn(`missing or old: ${old.join(', ')}`);
  },
});

export const git = check({
  code: 'RD072',
  title: 'Git',
  wants: 'a whole clone of the repository; `grafana:pull` shows by git what it has brought',
  remedy: 'clone the repository with git, with its history',
  gather: async ({ root, env }) => {
    const ask = (...args: string[]) => answers('git', ['-C', root, ...args], env);
    const inside = await ask('rev-parse', '--show-toplevel');
    return {
      git: (await answers('git', ['--version'], env)) !== undefined,
      inside: inside !== undefined,
      shallow: (await ask('rev-parse', '--is-shallow-repository'))?.trim() === 'true',
      commit: (await ask('describe', '--always', '--tags', '--dirty'))?.trim(),
    };
  },
  judge: ({ git: there, inside, shallow, commit }) => {
    if (!there) return warn('no "git" on PATH', 'install git (Debian: apt-get install git)');
    if (!inside) return warn('this folder is no clone, or git refuses it');
    return shallow ? warn('a shallow clone', 'git fetch --unshallow') : ok(commit ?? 'no commit yet');
  },
});
