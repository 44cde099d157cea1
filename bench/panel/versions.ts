import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../support';

/** The plugin before it had labels outside, selection, sparklines and virtual rows. */
export const FORMER_COMMIT = '6827dd3';
const PLUGIN = 'plugins/tracking-panel';

export interface Version {
  readonly name: 'now' | 'former';
  /** A folder with plugins/ and provisioning/, as the preview wants it. */
  readonly home: string;
  readonly module_bytes: number;
  readonly module_gzip_bytes: number;
}

/** Builds the plugin as it is in the work tree. */
export function buildNow(): Version {
  return build('now', ROOT);
}

/** Builds the plugin as it was, with today's packages, in a folder of its own. */
export function buildFormer(dir: string): Version {
  const home = path.join(dir, 'former');
  mkdirSync(home, { recursive: true });
  const archive = execFileSync('git', ['archive', FORMER_COMMIT, PLUGIN, 'provisioning'], {
    cwd: ROOT,
    maxBuffer: 2 ** 28,
  });
  execFileSync('tar', ['-x', '-C', home], { input: archive });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(home, 'node_modules'));
  const own = path.join(ROOT, PLUGIN, 'node_modules');
  if (statSync(own, { throwIfNoEntry: false }) !== undefined)
    symlinkSync(own, path.join(home, PLUGIN, 'node_modules'));
  return build('former', home);
}

function build(name: Version['name'], home: string): Version {
  const folder = path.join(home, PLUGIN);
  rmSync(path.join(folder, 'dist'), { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [
      path.join(ROOT, 'node_modules/webpack-cli/bin/cli.js'),
      '-c',
      './webpack.config.ts',
      '--env',
      'production',
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const module = readFileSync(path.join(folder, 'dist/module.js'));
  return { name, home, module_bytes: module.length, module_gzip_bytes: gzipSync(module).length };
}
