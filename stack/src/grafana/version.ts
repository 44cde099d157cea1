import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { REPO_ROOT } from '../paths';

/** The Grafana of this repository: image and archive are of one version, which stands in docker/Dockerfile and nowhere else. */
export async function grafanaVersion(): Promise<string> {
  return versionIn(await readFile(path.join(REPO_ROOT, 'docker', 'Dockerfile'), 'utf8'));
}

/** @throws Error when the Dockerfile does not name one */
export function versionIn(dockerfile: string): string {
  const version = /^FROM grafana\/grafana:(\d+\.\d+\.\d+) AS grafana$/m.exec(dockerfile)?.[1];
  if (version === undefined)
    throw new Error('docker/Dockerfile has no line "FROM grafana/grafana:X.Y.Z AS grafana"');
  return version;
}

/** The oldest Grafana that our panel says it works in. */
export async function oldestGrafana(): Promise<string> {
  const file = path.join(REPO_ROOT, 'plugins', 'tracking-panel', 'src', 'plugin.json');
  const { dependencies } = JSON.parse(await readFile(file, 'utf8')) as {
    dependencies: { grafanaDependency: string };
  };
  return dependencies.grafanaDependency.replace(/^>=/, '');
}
