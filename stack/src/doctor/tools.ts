import { findChromium } from '@rastreio/browser';
import { hasKafkaJars } from '../kafka/vendor';
import { answers } from '../run';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { nodeProblem } from '../../../scripts/prerequisites.mjs';
import { check, fail, ok, warn } from './types';

const OLDEST_JAVA = 17;
/** The first that reads our lockfile (lockfileVersion 3). */
const OLDEST_NPM = 7;

export const node = check({
  code: 'RD001',
  title: 'Node.js',
  wants: 'the version that package.json demands (`engines`)',
  remedy: 'install a newer Node.js from https://nodejs.org',
  gather: async ({ root, nodeVersion }) => {
    const text = await readFile(path.join(root, 'package.json'), 'utf8');
    return {
      version: nodeVersion,
      engines: (JSON.parse(text) as { engines: { node: string } }).engines.node,
    };
  },
  judge: ({ version, engines }) =>
    nodeProblem(version, engines) === undefined ? ok(version) : fail(`${version}, and ${engines} is needed`),
});

export const npm = check({
  code: 'RD002',
  title: 'npm',
  wants: `npm on \`PATH\`, ${OLDEST_NPM} or newer`,
  remedy: 'install the npm that comes with Node.js from https://nodejs.org',
  gather: ({ env }) => answers('npm', ['--version'], env),
  judge: (output) => {
    const version = output?.trim().split('\n').at(-1) ?? '';
    if (!/^\d+\.\d+/.test(version)) return fail('no "npm" on PATH answers');
    return Number.parseInt(version, 10) < OLDEST_NPM ? fail(version) : ok(version);
  },
});

export const java = check({
  code: 'RD003',
  title: 'Java',
  wants: `a \`java\` on \`PATH\`, ${OLDEST_JAVA} or newer, for Kafka`,
  remedy: `install Java ${OLDEST_JAVA} or newer (Debian: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk@17)`,
  gather: ({ env }) => answers('java', ['-version'], env),
  judge: (output) => {
    if (output === undefined) return fail('Kafka needs Java, and there is no "java" on PATH');
    const version = Number(/version "(?:1\.)?(\d+)/.exec(output)?.[1]);
    if (version >= OLDEST_JAVA) return ok(output.split('\n')[0] ?? '');
    return fail(
      `Kafka needs Java ${OLDEST_JAVA}, and "java" on PATH is ${Number.isNaN(version) ? 'something else' : version}`,
    );
  },
});

export const maven = check({
  code: 'RD004',
  title: 'Maven',
  wants: 'a `mvn` on `PATH`, unless Kafka’s packages are here already',
  remedy: 'install Maven 3 (Debian: apt-get install maven; macOS: brew install maven)',
  gather: async ({ env }) => ({
    jars: hasKafkaJars(env),
    output: hasKafkaJars(env) ? undefined : await answers('mvn', ['--version'], env),
  }),
  judge: ({ jars, output }) => {
    if (jars) return ok('not needed: Kafka’s packages are here');
    return output === undefined
      ? fail('Kafka comes as Maven packages, and there is no "mvn" on PATH')
      : ok(output.split('\n')[0] ?? '');
  },
});

export const chromium = check({
  code: 'RD005',
  title: 'Chromium',
  wants: 'a browser for `npm cit`, the gallery and `grafana:check`; nothing else needs one',
  remedy: 'install Chromium (Debian: apt-get install chromium), or name one in CHROMIUM_PATH',
  gather: ({ env }) => findChromium(env),
  judge: (file) => (file === undefined ? warn('none on PATH') : ok(file)),
});
