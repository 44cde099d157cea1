import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const HERE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const FOLDERS = ['packages', 'services', 'cli', 'stack', 'test'];
// The gallery has its own configuration: it wants a browser and built files.
const LEFT_OUT = new Set(['node_modules', 'dist', '.stack', 'gallery']);

/** Who imports this file, be it through others, uses the run's PostgreSQL, TimescaleDB or Kafka. */
const SERVERS = 'packages/testing/src/servers.ts';

/**
 * The test files in two groups, by what they import: those that use the run's servers, and those that do not. Nobody keeps a list,
 * so nobody forgets to.
 *
 * @param {string} [root] of the repository
 * @returns {{ servers: string[], unit: string[] }} paths from the root
 */
export function testFiles(root = HERE) {
  if (!existsSync(path.join(root, SERVERS)))
    throw new Error(`${SERVERS} is gone: say here what stands for it`);
  const files = FOLDERS.flatMap((folder) => [...testsIn(root, folder)]);
  const { inputs } = bundled(root, files).metafile;
  const groups = { servers: [], unit: [] };
  for (const file of files) groups[reaches(inputs, file) ? 'servers' : 'unit'].push(file);
  return groups;
}

function* testsIn(root, folder) {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) yield* testsIn(root, name);
    else if (entry.name.endsWith('.test.ts')) yield name;
  }
}

/** esbuild's account of who imports what; imports of types alone do not count, packages of others are not looked into. */
function bundled(root, entryPoints) {
  return buildSync({
    absWorkingDir: root,
    entryPoints,
    bundle: true,
    metafile: true,
    write: false,
    outdir: 'dist',
    platform: 'node',
    packages: 'external',
    alias: { '@rastreio/testing': './packages/testing/src' },
    loader: { '.css': 'empty' },
    logLevel: 'error',
  });
}

function reaches(inputs, file) {
  const [seen, left] = [new Set(), [file]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next === SERVERS) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    for (const imported of inputs[next]?.imports ?? []) if (!imported.external) left.push(imported.path);
  }
  return false;
}
