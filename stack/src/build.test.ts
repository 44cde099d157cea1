import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BUILT, isOld } from './build';
import { REPO_ROOT } from './paths';

let dir: string;
beforeEach(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-build-'))));
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A file that was written at a minute. */
async function written(name: string, minute: number): Promise<string> {
  const file = path.join(dir, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, '');
  await utimes(file, new Date(minute * 60_000), new Date(minute * 60_000));
  return file;
}

test('what is missing, or older than a file deep in its sources, is old; a newer test makes nothing old', async () => {
  const single = await written('package.json', 1);
  await written('src/deep/module.ts', 2);
  const sources = [single, path.join(dir, 'src')];
  expect(await isOld(path.join(dir, 'dist/module.js'), sources)).toBe(true);
  const output = await written('dist/module.js', 3);
  expect(await isOld(output, sources)).toBe(false);
  await written('src/deep/module.test.tsx', 4);
  expect(await isOld(output, sources)).toBe(false);
  await written('src/deep/module.ts', 5);
  expect(await isOld(output, sources)).toBe(true);
  await written('src/deep/module.ts', 2);
  await written('package.json', 6);
  expect(await isOld(output, sources)).toBe(true);
});

test('every source is there, the catalogue of statuses among those of the panel', () => {
  const sources = Object.values(BUILT).flatMap((built) => built.sources);
  expect(sources.filter((source) => !existsSync(path.join(REPO_ROOT, source)))).toEqual([]);
  expect(BUILT['plugins/tracking-panel'].sources).toContain('packages/contract/statuses.json');
});
