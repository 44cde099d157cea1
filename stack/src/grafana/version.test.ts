import { readFileSync } from 'node:fs';
import path from 'node:path';
import { REPO_ROOT } from '../paths';
import { grafanaVersion, oldestGrafana, versionIn } from './version';

/** Those that are published with each Grafana, under its version. */
const WITH_GRAFANA = ['data', 'i18n', 'runtime', 'schema', 'ui'].map((name) => `@grafana/${name}`);

test('the panel is built against the packages of the Grafana that image and archive bring', async () => {
  const version = await grafanaVersion();
  const file = path.join(REPO_ROOT, 'plugins/tracking-panel/package.json');
  const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> };
  const used = WITH_GRAFANA.filter((name) => name in dependencies);
  expect(used).toEqual(expect.arrayContaining(['@grafana/data', '@grafana/runtime', '@grafana/ui']));
  expect(Object.fromEntries(used.map((name) => [name, dependencies[name]]))).toEqual(
    Object.fromEntries(used.map((name) => [name, version])),
  );
});

test('a Dockerfile that names none is an error', () => {
  expect(versionIn('FROM node:22 AS build\nFROM grafana/grafana:12.4.10 AS grafana\n')).toBe('12.4.10');
  expect(() => versionIn('FROM grafana/grafana:latest AS grafana\n')).toThrow(/X\.Y\.Z AS grafana/);
});

test('the panel works in the Grafana of this repository, and in older ones down to one that README names', async () => {
  const oldest = await oldestGrafana();
  expect(oldest).toMatch(/^\d+\.\d+\.\d+$/);
  expect((await grafanaVersion()).localeCompare(oldest, 'en', { numeric: true })).toBeGreaterThanOrEqual(0);
  expect(readFileSync(path.join(REPO_ROOT, 'README.md'), 'utf8')).toMatch(
    new RegExp(`^\\| Grafana +\\| ${oldest.replace(/\.0$/, '').replace('.', '\\.')} or newer `, 'm'),
  );
});
