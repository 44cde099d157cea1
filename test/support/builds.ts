import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { run } from '@rastreio/stack';

const ROOT = path.resolve(__dirname, '../..');

const BUILDS = {
  'plugins/tracking-panel': {
    sources: [
      ...['src', 'package.json', 'webpack.config.ts', 'README.md', 'CHANGELOG.md'],
      '../../packages/contract/statuses.json',
    ],
    built: 'dist/module.js',
  },
  'services/preview': { sources: ['web', 'build.mjs'], built: 'dist/web/main.js' },
};

/** Builds plugin or preview where its sources are newer than what was built: tests of old code prove nothing. */
export async function buildIfOld(workspace: keyof typeof BUILDS, log: (text: string) => void): Promise<void> {
  const { sources, built } = BUILDS[workspace];
  const folder = path.join(ROOT, workspace);
  const file = path.join(folder, built);
  const newest = Math.max(...sources.map((source) => newestIn(path.join(folder, source))));
  if (existsSync(file) && statSync(file).mtimeMs >= newest) return;
  log(`building ${workspace}`);
  // jest sets NODE_ENV, which bundlers heed.
  const env = { ...process.env, NODE_ENV: 'production' };
  await run('npm', ['run', '-s', 'build', '-w', workspace], { cwd: ROOT, env });
  // webpack leaves a file alone that would not change.
  utimesSync(file, new Date(), new Date());
}

function newestIn(place: string): number {
  if (!statSync(place).isDirectory()) return statSync(place).mtimeMs;
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter(
    (file) => !/\.test\.tsx?$/.test(file),
  );
  return Math.max(...files.map((file) => statSync(path.join(place, file)).mtimeMs));
}
