// Runs one of our programs from its source: as one file, bundled again whenever a source has changed, since that starts four times as
// fast as compiling file by file. `node scripts/run.mjs services/consumer/src/main.ts ...`
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire, SourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'rastreio');
const SOURCES = ['cli', 'packages', 'services', 'stack'];
/** Neither output nor for Node.js. */
const LEFT_OUT = new Set(['node_modules', 'dist', 'static', 'test', 'web']);
const KEPT_MS = 3_600_000;

/**
 * Runs a program in this process; its arguments are those from `process.argv[2]` on.
 *
 * @param {string} entry from the root
 */
export async function runProgram(entry) {
  const file = await freshBundle(entry);
  showSourcesInStacks(file);
  createRequire(import.meta.url)(file);
}

/** Stacks name lines of the sources. Node.js's own way reads the map at every start, which takes as long as all the rest. */
function showSourcesInStacks(bundle) {
  let map;
  Error.prepareStackTrace = (error, frames) => {
    map ??= new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')));
    const lines = frames.map((frame) => {
      const text = String(frame);
      if (frame.getFileName() !== bundle) return text;
      const { originalSource, originalLine, originalColumn } = map.findEntry(
        frame.getLineNumber() - 1,
        frame.getColumnNumber() - 1,
      );
      if (originalSource === undefined) return text;
      const place = `${path.resolve(path.dirname(bundle), originalSource)}:${originalLine + 1}:${originalColumn + 1}`;
      return text.replace(`${bundle}:${frame.getLineNumber()}:${frame.getColumnNumber()}`, place);
    });
    return [String(error), ...lines].join('\n    at ');
  };
}

/**
 * The bundle of a program as its sources are now. Its name has their hash, so it is never an old one, and who builds it at the same
 * time builds the same.
 */
async function freshBundle(entry) {
  const file = path.join(
    CACHE,
    `${entry.replaceAll('/', '-').replace(/\.ts$/, '')}-${hashOfSources()}`,
    'program.js',
  );
  if (existsSync(file)) return file;
  const { bundle } = await import('./bundling.mjs');
  removeOld();
  const draft = `${path.dirname(file)}.${process.pid}`;
  await bundle(entry, path.relative(ROOT, path.join(draft, 'program.js')));
  try {
    renameSync(draft, path.dirname(file));
  } catch (error) {
    // Somebody else was faster.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(file)) throw error;
  }
  return file;
}

/** Of all that a bundle can be made of, and of which packages are installed. */
function hashOfSources() {
  const hash = createHash('sha256');
  for (const name of ['scripts/bundling.mjs', 'node_modules/.package-lock.json', ...SOURCES.flatMap(filesIn)])
    hash.update(`${name}\0`).update(readFileSync(path.join(ROOT, name)));
  return hash.digest('hex').slice(0, 20);
}

function filesIn(folder) {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : filesIn(name);
      return /(?<!\.test)\.(ts|json)$/.test(entry.name) ? [name] : [];
    });
}

/** Former bundles that nobody has started with for a while. */
function removeOld() {
  mkdirSync(CACHE, { recursive: true });
  for (const name of readdirSync(CACHE)) {
    const folder = path.join(CACHE, name);
    if (Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > KEPT_MS)
      rmSync(folder, { recursive: true, force: true });
  }
}

const [, started, entry] = process.argv;
if (started !== undefined && path.resolve(started) === fileURLToPath(import.meta.url)) {
  process.argv.splice(1, 2, path.resolve(ROOT, entry));
  await runProgram(entry);
}
