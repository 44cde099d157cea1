import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const HERE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const FOLDERS = ['packages', 'services', 'cli', 'stack', 'test'];
// The gallery has its own configuration: it wants a browser and built files.
const LEFT_OUT = new Set(['node_modules', 'dist', '.stack', 'gallery']);

/** Who imports one of these files, be it through others, uses the run's Kafka, or its PostgreSQL and TimescaleDB. */
const KAFKA = 'packages/testing/src/kafka.ts';
const DATABASES = 'packages/testing/src/servers.ts';

/**
 * The test files in groups, by what they import: those that use the run's broker, of the others those that use its databases, and those
 * that use neither. Nobody keeps a list, so nobody forgets to.
 *
 * @param {string} [root] of the repository
 * @returns {{ kafka: string[], db: string[], unit: string[] }} paths from the root
 */
export function testFiles(root = HERE) {
  for (const file of [KAFKA, DATABASES])
    if (!existsSync(path.join(root, file))) throw new Error(`${file} is gone: say here what stands for it`);
  const files = FOLDERS.flatMap((folder) => [...testsIn(root, folder)]);
  const { inputs } = bundled(root, files).metafile;
  const groups = { kafka: [], db: [], unit: [] };
  for (const file of files) {
    const reached = reachedFrom(inputs, file);
    groups[reached.has(KAFKA) ? 'kafka' : reached.has(DATABASES) ? 'db' : 'unit'].push(file);
  }
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

function reachedFrom(inputs, file) {
  const [seen, left] = [new Set(), [file]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const imported of inputs[next]?.imports ?? []) if (!imported.external) left.push(imported.path);
  }
  return seen;
}
