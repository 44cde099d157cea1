// How our programs become one file each: for the container images (scripts/bundle.mjs) and to start quickly here (scripts/run.mjs).
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Left to be found in node_modules when they are used: pg's optional native binding, and what drives a browser. */
const EXTERNAL = ['pg-native', 'playwright-core'];
/** Files that look for others beside themselves: our own, and the API page's plugin for its scripts. */
const LOOKS_AROUND =
  /[\\/](cli|packages|services|stack)[\\/].*\.ts$|[\\/]@fastify[\\/]swagger-ui[\\/].*\.js$/;

/**
 * Makes one CommonJS file of a program and everything it imports. What is imported by `import()` is in it, too, and runs only when
 * asked for.
 *
 * @param {string} entry from the root
 * @param {string} outfile from the root
 */
export async function bundle(entry, outfile) {
  const toRoot = path.relative(path.dirname(outfile), '.').split(path.sep).join('/');
  await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: true,
    // The sources are there, or not wanted in an image.
    sourcesContent: false,
    external: EXTERNAL,
    banner: { js: `const rastreioRoot = require('node:path').resolve(__dirname, '${toRoot}');` },
    plugins: [foldersAsInSource],
    logLevel: 'warning',
  });
}

/** Lets `__dirname` be the folder of the source, wherever the bundle is, so that sql/ and dashboards/ are found in the same way. */
const foldersAsInSource = {
  name: 'folders as in the source',
  setup(build) {
    build.onLoad({ filter: LOOKS_AROUND }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      if (!source.includes('__dirname')) return undefined;
      const folder = path.relative(ROOT, path.dirname(file)).split(path.sep).join('/');
      // On the first line, so that lines in stack traces stay right.
      const contents = `const __dirname = require('node:path').join(rastreioRoot, '${folder}'); ${source}`;
      return { contents, loader: file.endsWith('.ts') ? 'ts' : 'js' };
    });
  },
};
