import { readdir, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { REPO_ROOT } from './paths';
import type { Progress } from './progress';
import { run } from './run';

/** What the build of a workspace makes, and of what: paths from the root. */
interface Built {
  readonly output: string;
  readonly sources: readonly string[];
}

/** The workspaces whose build output the dashboards need. */
export const BUILT = {
  'plugins/tracking-panel': {
    output: 'plugins/tracking-panel/dist/module.js',
    sources: [
      ...['src', 'package.json', 'webpack.config.ts', 'README.md', 'CHANGELOG.md'].map(
        (file) => `plugins/tracking-panel/${file}`,
      ),
      // Its colors and patterns.
      'packages/contract/statuses.json',
    ],
  },
  'services/preview': {
    output: 'services/preview/dist/web/main.js',
    sources: ['web', 'build.mjs', 'package.json'].map((file) => `services/preview/${file}`),
  },
} satisfies Record<string, Built>;

/** Builds the panel plugin or the preview's page where it is missing or older than its sources. */
export async function buildIfOld(
  workspace: keyof typeof BUILT,
  progress: Pick<Progress, 'step'>,
  signal?: AbortSignal,
): Promise<void> {
  const output = path.join(REPO_ROOT, BUILT[workspace].output);
  const sources = BUILT[workspace].sources.map((source) => path.join(REPO_ROOT, source));
  if (!(await isOld(output, sources))) return;
  // jest sets NODE_ENV, which bundlers heed.
  const env = { ...process.env, NODE_ENV: 'production' };
  await progress.step(`Build of ${workspace}`, () =>
    run('npm', ['run', 'build', '-w', workspace], { cwd: REPO_ROOT, env, signal }),
  );
  // webpack leaves a file alone that would not change.
  await utimes(output, new Date(), new Date());
}

/** Whether a file is missing, or older than one of the files or folders that it is made of; tests in these do not count. */
export async function isOld(output: string, sources: readonly string[]): Promise<boolean> {
  const built = await stat(output).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return built === undefined || built.mtimeMs < Math.max(...(await Promise.all(sources.map(newestIn))));
}

async function newestIn(place: string): Promise<number> {
  const info = await stat(place);
  if (!info.isDirectory()) return info.mtimeMs;
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name));
  const times = files.map(async ({ parentPath, name }) => (await stat(path.join(parentPath, name))).mtimeMs);
  return Math.max(0, ...(await Promise.all(times)));
}
