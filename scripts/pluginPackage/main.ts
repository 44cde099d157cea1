import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Files, pack, readFiles, sha256 } from './archive';
import { checkPlugin } from './checks';
import { isHttps } from './metadata';
import { withLinks } from './links';

const USAGE = `Usage: npm run plugin:package [-- OPTIONS]

Builds the panel plugin, checks it as Grafana's plugin validator does as far as that needs no network, and packs it into
ID-VERSION.zip. The same sources give the same bytes. Prints one line of JSON: file, bytes, sha256, warnings.

  --out FOLDER      where the zip goes (plugins/tracking-panel/artifacts)
  --dist FOLDER     packs this folder as it is, one that was signed for example, instead of building
  --repository URL  public address of the sources, for the links in plugin.json (RASTREIO_REPOSITORY)
  --help            this text

Exit codes: 0 packed, 1 the build or a check failed, 2 wrong usage
`;

const ROOT = path.resolve(__dirname, '../..');
const PLUGIN = path.join(ROOT, 'plugins/tracking-panel');

process.exitCode = main();

function main(): number {
  const options = readOptions();
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n\n${USAGE}`);
    return 2;
  }
  if (options.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { id, version } = identity();
  const files =
    options.dist === undefined ? build(options.repository) : readFiles(path.resolve(options.dist));
  const problems = checkPlugin(files, version);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    for (const { message } of errors) process.stderr.write(`${message}\n`);
    return 1;
  }
  const zip = pack(files, id);
  const folder = path.resolve(options.out ?? path.join(PLUGIN, 'artifacts'));
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${id}-${version}.zip`);
  writeFileSync(file, zip);
  const warnings = problems.map(({ message }) => message);
  process.stdout.write(`${JSON.stringify({ file, bytes: zip.length, sha256: sha256(zip), warnings })}\n`);
  return 0;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        out: { type: 'string' },
        dist: { type: 'string' },
        repository: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    if (values.dist !== undefined && values.repository !== undefined) {
      return '--repository changes what is built; it does not go with --dist';
    }
    const repository = values.repository ?? (process.env.RASTREIO_REPOSITORY || undefined);
    return repository !== undefined && !isHttps(repository)
      ? `--repository: "${repository}" is not an https address`
      : { ...values, repository };
  } catch (error) {
    return (error as Error).message;
  }
}

function identity(): { id: string; version: string } {
  const read = (file: string): Record<string, string> =>
    JSON.parse(readFileSync(path.join(PLUGIN, file), 'utf8')) as Record<string, string>;
  return { id: read('src/plugin.json').id ?? '', version: read('package.json').version ?? '' };
}

/** A production build in a folder of its own, so that the one in use stays as it is. */
function build(repository: string | undefined): Files {
  const folder = mkdtempSync(path.join(tmpdir(), 'rastreio-plugin-'));
  try {
    const webpack = createRequire(path.join(PLUGIN, 'package.json')).resolve('webpack-cli/bin/cli.js');
    const settings = ['-c', './webpack.config.ts', '--env', 'production', '--env', `dist=${folder}`];
    // The result is the only thing on stdout.
    execFileSync(process.execPath, [webpack, ...settings], { cwd: PLUGIN, stdio: ['ignore', 2, 2] });
    const files = readFiles(folder);
    return repository === undefined ? files : withLinks(files, repository);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
