import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { REPO_ROOT } from './paths';
import type { Progress } from './progress';
import { run } from './run';

/** A workspace whose build output the dashboards need. */
interface Built {
  readonly workspace: string;
  readonly output: string;
  readonly sources: readonly string[];
}

const BUILT: Readonly<Record<'plugin' | 'preview', Built>> = {
  plugin: {
    workspace: 'plugins/tracking-panel',
    output: 'plugins/tracking-panel/dist/module.js',
    sources: ['plugins/tracking-panel/src', 'plugins/tracking-panel/package.json'],
  },
  preview: {
    workspace: 'services/preview',
    output: 'services/preview/dist/web/index.html',
    sources: ['services/preview/web', 'services/preview/build.mjs', 'services/preview/package.json'],
  },
};

/** Builds the panel plugin or the preview's page where it is missing or older than its sources. */
export async function buildWhatIsStale(progress: Progress, what: keyof typeof BUILT): Promise<void> {
  const { workspace, output, sources } = BUILT[what];
  const builtAt = await newest(path.join(REPO_ROOT, output));
  const changedAt = Math.max(
    ...(await Promise.all(sources.map((source) => newest(path.join(REPO_ROOT, source))))),
  );
  if (builtAt > changedAt) return;
  await progress.step(`Building ${workspace}`, () =>
    run('npm', ['run', 'build', '-w', workspace], { cwd: REPO_ROOT }),
  );
}

/** Newest modification under a file or folder, 0 if there is none. */
async function newest(file: string): Promise<number> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  const entries = await readdir(file, { recursive: true, withFileTypes: true });
  const times = await Promise.all(
    entries.filter((e) => e.isFile()).map(async (e) => (await stat(path.join(e.parentPath, e.name))).mtimeMs),
  );
  return Math.max(0, ...times);
}
