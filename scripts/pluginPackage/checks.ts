import { gzipSync } from 'node:zlib';
import type { Files } from './archive';
import { checkMetadata, isHttps, parseMetadata } from './metadata';
import { problem, type Problem, text, warning } from './problem';

/** Largest module.js, gzipped, in bytes: what the panel may cost a dashboard that loads it. */
const MAX_MODULE = 60 * 1024;
const REQUIRED = ['plugin.json', 'module.js', 'module.js.map', 'README.md', 'CHANGELOG.md', 'LICENSE'];
const MIN_README = 500;
const ALLOWED = /^[^.][^/]*(\/[^.][^/]*)*\.(js|js\.map|json|md|svg|png|jpe?g|gif|txt)$|^LICENSE$/;

/**
 * What Grafana's plugin validator would find in the plugin's folder, as far as it can be known without network: layout,
 * metadata, pictures, documents, source maps. `version` is that of package.json.
 */
export function checkPlugin(files: Files, version: string): Problem[] {
  const metadata = parseMetadata(files);
  return [
    ...checkLayout(files),
    ...(metadata ? checkMetadata(metadata, files, version) : [problem('plugin.json: not a JSON object')]),
    ...checkReadme(text(files, 'README.md')),
    ...checkChangelog(text(files, 'CHANGELOG.md'), version),
    ...checkLicense(text(files, 'LICENSE')),
    ...checkScripts(files),
    ...checkPictures(files),
  ];
}

function checkLayout(files: Files): Problem[] {
  const names = [...files.keys()];
  return [
    ...REQUIRED.filter((name) => !files.has(name)).map((name) => problem(`${name} is missing`)),
    ...names
      .filter((name) => name.startsWith('dist/'))
      .map((name) => problem(`${name}: dist/ must not be packed`)),
    ...names
      .filter((name) => !ALLOWED.test(name))
      .map((name) => problem(`${name} does not belong in a plugin`)),
    ...names
      .filter((name) => /\.(md|json)$/.test(name) && /%(VERSION|TODAY|PLUGIN_ID)%/.test(text(files, name)))
      .map((name) => problem(`${name}: a placeholder of the template was not replaced`)),
  ];
}

function checkReadme(readme: string): Problem[] {
  const links = [...readme.matchAll(/\]\(([^)\s]+)/g)].map(([, target = '']) => target);
  return [
    ...(/Grafana (Panel|Data Source|Datasource|App|Data Source Backend) Plugin Template/i.test(readme) ||
    /TODO|Lorem ipsum/.test(readme)
      ? [problem('README.md is still the template')]
      : []),
    ...(readme.length < MIN_README ? [problem('README.md says too little for the catalog')] : []),
    ...links
      .filter((target) => !target.startsWith('#') && !isHttps(target))
      .map((target) =>
        problem(`README.md: "${target}" leads nowhere in the catalog; use a full https address`),
      ),
  ];
}

function checkChangelog(changelog: string, version: string): Problem[] {
  const headings = changelog.split('\n').filter((line) => line.startsWith('## '));
  return headings.some((line) => line.split(/[\s[\]()]+/).includes(version))
    ? []
    : [problem(`CHANGELOG.md has no heading for ${version}`)];
}

function checkLicense(license: string): Problem[] {
  if (!/Apache License\s+Version 2\.0/.test(license))
    return [problem('LICENSE is not the Apache License 2.0')];
  return /\{yyyy\}|\{name of copyright owner\}|\[yyyy\]/.test(license)
    ? [warning('LICENSE: the copyright line is still the template')]
    : [];
}

function checkScripts(files: Files): Problem[] {
  const scripts = [...files.keys()].filter((name) => name.endsWith('.js'));
  const maps = [...files.keys()].filter((name) => name.endsWith('.js.map'));
  const size = gzipSync(files.get('module.js') ?? new Uint8Array()).length;
  return [
    ...scripts
      .filter((name) => !files.has(`${name}.map`))
      .map((name) => problem(`${name} has no source map`)),
    ...maps.filter((name) => !files.has(name.slice(0, -4))).map((name) => problem(`${name} maps no script`)),
    ...(size > MAX_MODULE ? [problem(`module.js has ${size} bytes gzipped; at most ${MAX_MODULE}`)] : []),
  ];
}

/** Pictures are served from Grafana's own address: nothing in them may run. */
function checkPictures(files: Files): Problem[] {
  return [...files.keys()]
    .filter((name) => name.endsWith('.svg'))
    .filter((name) => /<script|<foreignObject|\son\w+\s*=|javascript:/i.test(text(files, name)))
    .map((name) => problem(`${name} could run a script`));
}
