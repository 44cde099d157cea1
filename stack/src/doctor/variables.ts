import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const FOLDERS = ['cli', 'docker', 'packages', 'provisioning', 'scripts', 'services', 'stack', 'test'];
const FILES = ['docker-compose.yaml'];
const LEFT_OUT = new Set(['node_modules', 'dist', 'static', '.stack']);
/** Read in code, named as an option's variable, a setting in a schema, put into a file. */
const USES = [
  /\benv\.([A-Z][A-Z0-9_]+)/g,
  /\.env\('([A-Z][A-Z0-9_]+)'/g,
  /^\s+([A-Z][A-Z0-9]*_[A-Z0-9_]+):/gm,
  /\$\$?\{?([A-Z][A-Z0-9_]+)/g,
];

/** The environment variables that a checkout reads, found in its sources: a list that somebody keeps would miss the newest. */
export async function variablesOf(root: string): Promise<ReadonlySet<string>> {
  const inFolders = await Promise.all(FOLDERS.map((folder) => filesIn(path.join(root, folder))));
  const files = [...FILES.map((file) => path.join(root, file)), ...inFolders.flat()];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return new Set(
    texts.flatMap((text) => USES.flatMap((use) => [...text.matchAll(use)].map(([, name = '']) => name))),
  );
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = entries
    .filter(({ name }) => !LEFT_OUT.has(name))
    .map(async (entry) => {
      const place = path.join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(place);
      return /(?<!\.test)\.(ts|mjs|ya?ml|sh)$|Dockerfile$/.test(entry.name) ? [place] : [];
    });
  return (await Promise.all(found)).flat();
}
