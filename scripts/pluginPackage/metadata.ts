import { problem, type Problem, text, warning } from './problem';
import type { Files } from './archive';

/** The parts of plugin.json that Grafana's validator looks at; nothing is taken for granted. */
export interface Metadata {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly name?: unknown;
  readonly languages?: unknown;
  readonly info?: {
    readonly author?: { readonly name?: unknown };
    readonly description?: unknown;
    readonly keywords?: unknown;
    readonly version?: unknown;
    readonly updated?: unknown;
    readonly logos?: { readonly small?: unknown; readonly large?: unknown };
    readonly links?: unknown;
    readonly screenshots?: unknown;
  };
  readonly dependencies?: { readonly grafanaDependency?: unknown };
}

const LINK_NAMES = ['documentation', 'repository', 'license', 'raise issue', 'sponsorship'];
/** Versions with comparators, joined by spaces or ||. */
const RANGE = /^([<>=^~]*\d+\.(\d+|x)(\.(\d+|x))?([ |]+|$))+$/;
const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const records = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? (value as Record<string, unknown>[]) : [];

/** plugin.json as an object, or undefined if it is none. */
export function parseMetadata(files: Files): Metadata | undefined {
  try {
    const parsed: unknown = JSON.parse(text(files, 'plugin.json'));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with plugin.json, in our words after https://grafana.com/developers/plugin-tools/reference/plugin-json. */
export function checkMetadata(metadata: Metadata, files: Files, version: string): Problem[] {
  const { id, type, name, info = {}, dependencies = {} } = metadata;
  const found: Problem[] = [];
  const need = (holds: boolean, message: string) => {
    if (!holds) found.push(problem(`plugin.json: ${message}`));
  };
  need(type === 'panel', 'type must be "panel"');
  need(
    typeof id === 'string' && /^[a-z0-9]+(-[a-z0-9]+)+$/.test(id) && id.endsWith('-panel'),
    'id must be ORGANISATION-NAME-panel in lower case',
  );
  need(isText(name), 'name is missing');
  need(isText(info.author?.name), 'info.author.name is missing');
  need(isText(info.description), 'info.description is missing');
  need(
    Array.isArray(info.keywords) && info.keywords.length > 0 && info.keywords.every(isText),
    'info.keywords must be a list of words',
  );
  need(info.version === version, `info.version must be ${version}, as in package.json`);
  need(/^\d{4}-\d\d-\d\d$/.test(String(info.updated)), 'info.updated must be a date such as 2026-11-24');
  need(
    isText(dependencies.grafanaDependency) && RANGE.test(dependencies.grafanaDependency),
    'dependencies.grafanaDependency must be a range of versions',
  );
  for (const size of ['small', 'large'] as const) {
    const logo = info.logos?.[size];
    need(isText(logo) && files.has(logo), `info.logos.${size} must be a file of the plugin`);
  }
  for (const language of Array.isArray(metadata.languages) ? metadata.languages : []) {
    const file = `locales/${String(language)}/${String(id)}.json`;
    need(files.has(file), `language ${String(language)} has no ${file}`);
  }
  return [...found, ...checkLinks(info.links), ...checkScreenshots(info.screenshots, files)];
}

function checkLinks(links: unknown): Problem[] {
  const found: Problem[] = [];
  const names = records(links).map(({ name, url }) => {
    if (!isText(name) || !isText(url) || !isHttps(url)) {
      found.push(
        problem(`plugin.json: link ${JSON.stringify({ name, url })} needs a name and an https address`),
      );
    }
    return String(name).toLowerCase();
  });
  for (const name of names.filter((known) => !LINK_NAMES.includes(known))) {
    found.push(problem(`plugin.json: link "${name}" is none of ${LINK_NAMES.join(', ')}`));
  }
  for (const name of LINK_NAMES.slice(0, 4).filter((wanted) => !names.includes(wanted))) {
    found.push(warning(`plugin.json: no link "${name}"; give the public address with --repository`));
  }
  return found;
}

/** Whether a text is a full address, by https and with a host that has a dot. */
export function isHttps(address: string): boolean {
  return URL.canParse(address) && /^https:\/\/[^/]+\.[^/]+/.test(address);
}

const PICTURES: readonly (readonly [extension: RegExp, isOne: (content: Uint8Array) => boolean])[] = [
  [/\.png$/, (content) => starts(content, [0x89, 0x50, 0x4e, 0x47])],
  [/\.jpe?g$/, (content) => starts(content, [0xff, 0xd8, 0xff])],
  [/\.gif$/, (content) => starts(content, [0x47, 0x49, 0x46])],
  [/\.svg$/, (content) => new TextDecoder().decode(content).includes('<svg')],
];
const starts = (content: Uint8Array, bytes: number[]) => bytes.every((byte, i) => content[i] === byte);

function checkScreenshots(screenshots: unknown, files: Files): Problem[] {
  const listed = records(screenshots);
  if (listed.length === 0) return [warning('plugin.json: the catalog wants at least one screenshot')];
  return listed.flatMap(({ name, path }) => {
    const content = isText(path) ? files.get(path) : undefined;
    if (!isText(name) || content === undefined) {
      return [
        problem(
          `plugin.json: screenshot ${JSON.stringify({ name, path })} needs a name and a file of the plugin`,
        ),
      ];
    }
    const isPicture = PICTURES.some(([extension, isOne]) => extension.test(String(path)) && isOne(content));
    return isPicture ? [] : [problem(`plugin.json: ${String(path)} is not the picture its name says`)];
  });
}
