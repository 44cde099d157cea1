import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What each workspace needs of the others at run time, by folder; both from the root. */
export type Needs = ReadonlyMap<string, ReadonlySet<string>>;

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly name?: string; readonly dependencies?: Readonly<Record<string, string>> }>
  >;
}

/** Read from package-lock.json, where npm keeps the dependencies of every workspace. */
export function needsOfWorkspaces(root: string): Needs {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as Lock;
  const ours = Object.entries(lock.packages).filter(
    ([folder]) => folder !== '' && !folder.includes('node_modules'),
  );
  const folderOf = new Map(ours.map(([folder, { name = folder }]) => [name, folder]));
  return new Map(
    ours.map(([folder, { dependencies = {} }]) => {
      const needed = Object.keys(dependencies).map((name) => folderOf.get(name));
      return [folder, new Set(needed.filter((to) => to !== undefined))];
    }),
  );
}

/** Without what follows from the rest: of a to b, b to c and a to c, the last one. */
export function reduced(needs: Needs): Needs {
  const reaches = (from: string, to: string): boolean =>
    [...(needs.get(from) ?? [])].some((next) => next === to || reaches(next, to));
  return new Map(
    [...needs].map(([from, direct]) => [
      from,
      new Set([...direct].filter((to) => ![...direct].some((other) => other !== to && reaches(other, to)))),
    ]),
  );
}
