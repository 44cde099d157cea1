import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { REPO_ROOT } from '../paths';

const FOLDER = 'grafana-provisioning';
const FILES = path.join(REPO_ROOT, 'provisioning');

/**
 * What GF_PATHS_PROVISIONING is: with `readOnly` the repository's folder, which brings dashboards and alert rules as well; else a fresh
 * folder in `dir` with the data sources only, made as docker/Dockerfile makes it.
 */
export async function provisioningFolder(dir: string, readOnly: boolean): Promise<string> {
  if (readOnly) return FILES;
  const folder = path.join(dir, FOLDER);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(path.join(FILES, 'editable'), folder, { recursive: true });
  await cp(path.join(FILES, 'datasources'), path.join(folder, 'datasources'), { recursive: true });
  return folder;
}

/** From where Grafana reads alerting files while its content is editable. */
export function alertingFolder(dir: string): string {
  return path.join(dir, FOLDER, 'alerting');
}
