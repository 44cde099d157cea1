import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { type Files, pack, readFiles, sha256 } from '../scripts/pluginPackage/archive';
import { checkPlugin } from '../scripts/pluginPackage/checks';
import { withLinks } from '../scripts/pluginPackage/links';
import { buildIfOld, createProgress } from '@rastreio/stack';

const ROOT = path.resolve(__dirname, '..');
const DIST = path.join(ROOT, 'plugins/tracking-panel/dist');
const VERSION = '0.1.0';
const bytes = (content: string) => new TextEncoder().encode(content);

const METADATA = {
  type: 'panel',
  id: 'rastreio-tracking-panel',
  name: 'Parcel tracking',
  info: {
    author: { name: 'Rastreio' },
    description: 'Latest status of parcels.',
    keywords: ['parcel'],
    version: VERSION,
    updated: '2026-11-24',
    logos: { small: 'img/logo.svg', large: 'img/logo.svg' },
    links: [] as object[],
    screenshots: [{ name: 'All', path: 'img/screenshots/all.png' }] as object[],
  },
  languages: ['pt-BR'],
  dependencies: { grafanaDependency: '>=12.2.0' },
};

const GOOD: Files = withLinks(
  new Map([
    ['plugin.json', bytes(JSON.stringify(METADATA))],
    ['module.js', bytes('define([], () => ({}))')],
    ['module.js.map', bytes('{}')],
    ['README.md', bytes(`# Parcel tracking\n\n[Guide](https://example.com/guide) ${'word '.repeat(120)}`)],
    ['CHANGELOG.md', bytes('# Changelog\n\n## 0.1.0 (2026-11-24)\n')],
    ['LICENSE', bytes('Apache License\n Version 2.0, January 2004\n Copyright 2026 Rastreio')],
    ['img/logo.svg', bytes('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['img/screenshots/all.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d])],
    ['locales/pt-BR/rastreio-tracking-panel.json', bytes('{}')],
  ]),
  'https://example.com/rastreio/',
);

const put = (file: string, content: string) => (files: Map<string, Uint8Array>) =>
  files.set(file, bytes(content));
const drop = (file: string) => (files: Map<string, Uint8Array>) => files.delete(file);
const metadata = (changes: object) => put('plugin.json', JSON.stringify({ ...METADATA, ...changes }));
const info = (changes: object) => metadata({ info: { ...METADATA.info, ...changes } });

// `npm cit` has built it before: then it is built no second time here.
beforeAll(() => buildIfOld('plugins/tracking-panel', createProgress(process.stderr)));

describe('checks of the plugin', () => {
  it('find nothing wrong with a good one', () => {
    expect(checkPlugin(GOOD, VERSION)).toEqual([]);
  });

  it.each<[string, (files: Map<string, Uint8Array>) => unknown, RegExp]>([
    ['no plugin.json', drop('plugin.json'), /plugin\.json is missing/],
    ['plugin.json that is no object', put('plugin.json', '[]'), /not a JSON object/],
    ['broken plugin.json', put('plugin.json', '{'), /not a JSON object/],
    ['another type', metadata({ type: 'app' }), /type must be/],
    ['an id without its kind', metadata({ id: 'rastreio-tracking' }), /id must be/],
    ['an id in upper case', metadata({ id: 'Rastreio-tracking-panel' }), /id must be/],
    ['no name', metadata({ name: ' ' }), /name is missing/],
    ['no author', info({ author: {} }), /author\.name/],
    ['no description', info({ description: '' }), /description/],
    ['no keywords', info({ keywords: [] }), /keywords/],
    ['another version', info({ version: '0.2.0' }), /version must be 0\.1\.0/],
    ['a placeholder for a date', info({ updated: '%TODAY%' }), /updated must be/],
    [
      'a logo that is not there',
      info({ logos: { small: 'img/x.svg', large: 'img/logo.svg' } }),
      /logos\.small/,
    ],
    ['no range of versions', metadata({ dependencies: {} }), /grafanaDependency/],
    [
      'a range that is none',
      metadata({ dependencies: { grafanaDependency: 'latest' } }),
      /grafanaDependency/,
    ],
    ['a language without texts', metadata({ languages: ['pt-BR', 'fr-FR'] }), /language fr-FR/],
    ['a link without https', info({ links: [{ name: 'License', url: 'http://a.b' }] }), /https address/],
    ['a link to nowhere', info({ links: [{ name: 'License', url: 'LICENSE' }] }), /https address/],
    ['a link of another name', info({ links: [{ name: 'Blog', url: 'https://a.b' }] }), /"blog" is none of/],
    [
      'a screenshot that is not there',
      info({ screenshots: [{ name: 'x', path: 'img/x.png' }] }),
      /screenshot/,
    ],
    ['a screenshot that is no picture', put('img/screenshots/all.png', '<svg/>'), /not the picture/],
    ['no source map', drop('module.js.map'), /module\.js\.map is missing/],
    ['a chunk without its map', put('342.js', 'x'), /342\.js has no source map/],
    ['a map without its script', put('343.js.map', '{}'), /343\.js\.map maps no script/],
    ['a large module.js', put('module.js', noise(90_000)), /bytes gzipped/],
    [
      'the template as README',
      put('README.md', 'Grafana panel plugin template'.repeat(30)),
      /still the template/,
    ],
    ['an empty README', put('README.md', '# Plugin'), /too little/],
    [
      'a relative link in the README',
      put('README.md', `[Data](DATA.md) ${'word '.repeat(120)}`),
      /"DATA\.md" leads/,
    ],
    ['a changelog of another version', put('CHANGELOG.md', '## 0.1.01'), /no heading for 0\.1\.0/],
    ['another licence', put('LICENSE', 'Do what you want'), /not the Apache License/],
    ['a placeholder left', put('README.md', `%VERSION% ${'word '.repeat(120)}`), /placeholder/],
    ['sources in the package', put('module.ts', ''), /does not belong/],
    ['hidden files', put('img/.DS_Store', ''), /does not belong/],
    ['a dist folder', put('dist/module.md', ''), /dist\/ must not/],
    ['a picture with a script', put('img/logo.svg', '<svg><script>1</script></svg>'), /could run a script/],
    ['a picture with a handler', put('img/logo.svg', '<svg onload="x()"/>'), /could run a script/],
  ])('refuse %s', (_, change, expected) => {
    const files = new Map(GOOD);
    change(files);
    const errors = checkPlugin(files, VERSION).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ message }) => message).join('\n')).toMatch(expected);
  });

  it.each<[string, (files: Map<string, Uint8Array>) => unknown, RegExp]>([
    ['no public address', metadata({}), /no link "repository"/],
    ['no screenshot', info({ screenshots: [] }), /at least one screenshot/],
    ['no owner in the licence', put('LICENSE', 'Apache License Version 2.0 {yyyy}'), /copyright line/],
  ])('warn of %s', (_, change, expected) => {
    const files = new Map(GOOD);
    change(files);
    const problems = checkPlugin(files, VERSION);
    expect(problems.every(({ severity }) => severity === 'warning')).toBe(true);
    expect(problems.map(({ message }) => message).join('\n')).toMatch(expected);
  });

  /** Text that gzip cannot shrink much. */
  function noise(length: number): string {
    let state = 1;
    return Array.from({ length }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return String.fromCharCode(33 + (state % 90));
    }).join('');
  }
});

describe('the archive', () => {
  it('holds the files in one folder, and is the same for the same files in whatever order they come', () => {
    const zip = pack(GOOD, METADATA.id);
    expect(sha256(pack(new Map([...GOOD].reverse()), METADATA.id))).toBe(sha256(zip));
    const unpacked = unzipSync(zip);
    expect(Object.keys(unpacked)).toEqual([...GOOD.keys()].map((file) => `${METADATA.id}/${file}`).sort());
    expect(Buffer.from(unpacked[`${METADATA.id}/module.js`] ?? [])).toEqual(
      Buffer.from(GOOD.get('module.js') ?? []),
    );
  });
});

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

describe('the built plugin', () => {
  let files: Files;
  const textOf = (file: string) => new TextDecoder().decode(files.get(file));
  beforeAll(() => (files = readFiles(DIST)));

  it('asks Grafana 12.2 for nothing that it does not share', () => {
    const asked = /\bdefine\((\[[^\]]*\])/.exec(textOf('module.js'))?.[1] ?? 'null';
    const dependencies = JSON.parse(asked) as string[];
    expect(dependencies).toEqual(expect.arrayContaining(['react', '@grafana/data', '@grafana/ui']));
    expect(dependencies.filter((dependency) => !SHARED_BY_GRAFANA_12_2.includes(dependency))).toEqual([]);
  });

  it('holds all that Grafana and its catalogue read', () => {
    expect([...files.keys()]).toEqual(
      expect.arrayContaining([
        ...['CHANGELOG.md', 'LICENSE', 'README.md', 'img/logo.svg', 'module.js', 'plugin.json'],
        ...['en-US', 'pt-BR'].map((language) => `locales/${language}/rastreio-tracking-panel.json`),
      ]),
    );
    for (const file of [...files.keys()].filter((name) => /\.(md|json)$/.test(name)))
      expect(textOf(file)).not.toMatch(/%VERSION%|%TODAY%|%PLUGIN_ID%/);
  });

  it('states the version of package.json, released on the day the changelog says', () => {
    const stated = JSON.parse(readFileSync(path.join(DIST, '../package.json'), 'utf8')) as {
      version: string;
    };
    const { info, dependencies, id } = JSON.parse(textOf('plugin.json')) as typeof METADATA;
    expect({ id, version: info.version, grafana: dependencies.grafanaDependency }).toEqual({
      id: METADATA.id,
      version: stated.version,
      grafana: '>=12.2.0',
    });
    const [, version, day] = /^## (\S+) \((\d{4}-\d\d-\d\d)\)$/m.exec(textOf('CHANGELOG.md')) ?? [];
    expect({ version, day }).toEqual({ version: stated.version, day: info.updated });
  });

  it('stays small', () =>
    expect(gzipSync(files.get('module.js') ?? new Uint8Array()).length).toBeLessThan(60 * 1024));
});

describe('npm run plugin:package', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'rastreio-package-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  interface Outcome {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
  }

  async function run(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
    const script = ['--import', 'tsx', 'scripts/pluginPackage/main.ts', ...args];
    // Under jest, NODE_ENV is "test", which a build would follow.
    const options = { cwd: ROOT, env: { ...process.env, NODE_ENV: '', ...env } };
    try {
      return { code: 0, ...(await promisify(execFile)(process.execPath, script, options)) };
    } catch (error) {
      return error as Outcome;
    }
  }

  it('packs what is built without errors, and building it again elsewhere and in another time zone gives the same bytes', async () => {
    const first = await run(['--dist', DIST, '--out', path.join(folder, 'a')], { TZ: 'America/Sao_Paulo' });
    expect(first).toMatchObject({ code: 0 });
    const result = JSON.parse(first.stdout) as { file: string; bytes: number; sha256: string };
    expect(path.basename(result.file)).toBe(`rastreio-tracking-panel-${VERSION}.zip`);
    const zip = readFileSync(result.file);
    expect({ bytes: result.bytes, sha256: result.sha256 }).toEqual({
      bytes: zip.length,
      sha256: sha256(zip),
    });
    const files = Object.keys(unzipSync(zip));
    expect(files.every((file) => file.startsWith('rastreio-tracking-panel/'))).toBe(true);
    const second = await run(['--out', path.join(folder, 'b')], { TZ: 'Asia/Tokyo' });
    expect((JSON.parse(second.stdout) as typeof result).sha256).toBe(result.sha256);
  });

  it('refuses a folder with errors, says which, and leaves no zip', async () => {
    const dist = path.join(folder, 'bad');
    mkdirSync(dist);
    writeFileSync(path.join(dist, 'plugin.json'), JSON.stringify(METADATA));
    const outcome = await run(['--dist', dist, '--out', path.join(folder, 'none')]);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toContain('module.js is missing');
    expect(() => readFileSync(path.join(folder, 'none'))).toThrow('ENOENT');
  });

  it.each([
    [['--help'], 0],
    [['--nonsense'], 2],
    [['--repository', 'ftp://a.b'], 2],
    [['--repository', 'https://a.b', '--dist', 'x'], 2],
  ])('%j ends with %d and tells the usage', async (args, code) => {
    const outcome = await run(args);
    expect(outcome.code).toBe(code);
    expect(outcome.stdout + outcome.stderr).toContain('Usage: npm run plugin:package');
  });
});
