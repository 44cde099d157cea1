import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import packageJson from '../package.json';

const ROOT = path.join(__dirname, '..');

/** What Grafana 12.2 hands to plugins; `module` is SystemJS's own. Newer versions share more, older plugins' hosts do not. */
const SHARED_BY_GRAFANA_12_2 = [
  '@emotion/css',
  '@emotion/react',
  '@grafana/data',
  '@grafana/runtime',
  '@grafana/ui',
  'd3',
  'i18next',
  'lodash',
  'module',
  'moment',
  'react',
  'react-dom',
  'rxjs',
];

let folder: string;
const built = (...file: string[]) => path.join(folder, 'first', ...file);

function build(into: string): void {
  execFileSync(
    process.execPath,
    [
      require.resolve('webpack-cli/bin/cli.js'),
      '-c',
      './webpack.config.ts',
      '--env',
      'production',
      '--env',
      `dist=${into}`,
    ],
    { cwd: ROOT, stdio: 'pipe', env: { ...process.env, NODE_ENV: undefined } }
  );
}

const files = (dir: string) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(dir, file)).isFile())
    .sort();

const digest = (dir: string) =>
  Object.fromEntries(
    files(dir).map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(path.join(dir, file)))
        .digest('hex'),
    ])
  );

describe('the built plugin', () => {
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rastreio-tracking-panel-'));
    build(built());
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('asks Grafana 12.2 for nothing that it does not share', () => {
    const source = readFileSync(built('module.js'), 'utf8');
    const dependencies: unknown = JSON.parse(/\bdefine\((\[[^\]]*\])/.exec(source)?.[1] ?? 'null');
    expect(dependencies).toEqual(expect.arrayContaining(['react', '@grafana/data', '@grafana/ui']));
    for (const dependency of dependencies as string[]) {
      expect(SHARED_BY_GRAFANA_12_2).toContain(dependency);
    }
  });

  it('is the same, byte for byte, when built again', () => {
    const again = path.join(folder, 'second');
    build(again);
    expect(digest(again)).toEqual(digest(built()));
  }, 120_000);

  it('holds all that Grafana and its catalogue read', () => {
    expect(files(built())).toEqual(
      expect.arrayContaining([
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'img/logo.svg',
        'locales/en-US/rastreio-tracking-panel.json',
        'locales/pt-BR/rastreio-tracking-panel.json',
        'module.js',
        'plugin.json',
      ])
    );
    for (const file of files(built()).filter((name) => /\.(md|json)$/.test(name))) {
      expect(readFileSync(built(file), 'utf8')).not.toMatch(/%VERSION%|%TODAY%|%PLUGIN_ID%/);
    }
  });

  it('states the version of package.json, released on the day the changelog says', () => {
    const { info, dependencies, id } = JSON.parse(readFileSync(built('plugin.json'), 'utf8'));
    expect({ id, version: info.version, grafana: dependencies.grafanaDependency }).toEqual({
      id: 'rastreio-tracking-panel',
      version: packageJson.version,
      grafana: '>=12.2.0',
    });
    const [, version, day] =
      /^## (\S+) \((\d{4}-\d\d-\d\d)\)$/m.exec(readFileSync(built('CHANGELOG.md'), 'utf8')) ?? [];
    expect({ version, day }).toEqual({ version: packageJson.version, day: info.updated });
  });

  it('stays small', () => {
    expect(gzipSync(readFileSync(built('module.js'))).length).toBeLessThan(60 * 1024);
  });
});
