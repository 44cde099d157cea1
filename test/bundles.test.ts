import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.resolve(__dirname, '..');
const run = promisify(execFile);

// A repository of its own: its bundles are made and removed without ours.
let repo: string;
beforeAll(async () => {
  repo = await mkdtemp(path.join(tmpdir(), 'rastreio-bundles-'));
  for (const folder of ['scripts', 'cli/src', 'packages', 'services', 'stack', 'node_modules'])
    await mkdir(path.join(repo, folder), { recursive: true });
  for (const script of ['run.mjs', 'bundling.mjs'])
    await cp(path.join(ROOT, 'scripts', script), path.join(repo, 'scripts', script));
  for (const name of ['esbuild', '@esbuild'])
    await symlink(path.join(ROOT, 'node_modules', name), path.join(repo, 'node_modules', name));
  await writeFile(path.join(repo, 'node_modules/.package-lock.json'), '{}');
});
afterAll(() => rm(repo, { recursive: true }));

const start = () =>
  run(process.execPath, ['scripts/run.mjs', 'cli/src/main.ts', 'argument'], { cwd: repo }).then(
    ({ stdout }) => stdout,
    ({ stderr }: { stderr: string }) => stderr,
  );
const source = (text: string) => writeFile(path.join(repo, 'cli/src/main.ts'), text);
const bundles = () => readdir(path.join(repo, 'node_modules/.cache/rastreio'));

test('a program is bundled again when a source of it changes, and only then', async () => {
  await writeFile(path.join(repo, 'cli/src/word.ts'), `export const word: string = 'first';\n`);
  await source(`import { word } from './word';\nconsole.log(word, process.argv[2]);\n`);
  expect(await start()).toBe('first argument\n');
  expect(await start()).toBe('first argument\n');
  expect(await bundles()).toHaveLength(1);
  const word = path.join(repo, 'cli/src/word.ts');
  await writeFile(word, `export const word: string = 'other';\n`);
  // Of the same length and older than the bundle: only its content tells.
  await utimes(word, new Date(0), new Date(0));
  expect(await start()).toBe('other argument\n');
  expect(await bundles()).toHaveLength(2);
});

test('several that start at once all run what the sources say', async () => {
  await source(`console.log('together');\n`);
  expect(await Promise.all([start(), start(), start()])).toEqual(Array(3).fill('together\n'));
});

test('stacks name files and lines of the sources, and __dirname is their folder', async () => {
  await source(`interface A {\n  b: string;\n}\n\nconst a: A = { b: __dirname };\nthrow new Error(a.b);\n`);
  const text = await start();
  expect(text).toContain(`Error: ${path.join(repo, 'cli/src')}\n`);
  expect(text).toContain(`${path.join(repo, 'cli/src/main.ts')}:6:7`);
});
