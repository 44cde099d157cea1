import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { REPO_ROOT } from './paths';

/** Dashboards that a start names, the home page first. */
const NAMED = [
  { uid: 'torre', title: 'Torre de controle' },
  { uid: 'entregas-tempo-real', title: 'Entregas (Real-Time)' },
  { uid: 'entregas-lote', title: 'Entregas (lote)' },
] as const;

export interface NamedDashboard {
  readonly uid: string;
  readonly title: string;
}

/** Those of them that this checkout has. */
export function namedDashboards(folder = path.join(REPO_ROOT, 'dashboards')): NamedDashboard[] {
  return NAMED.filter(({ uid }) => existsSync(path.join(folder, `${uid}.json`)));
}

/** The uids of all of a checkout's dashboards. */
export async function dashboardUids(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  return Promise.all(
    files.map(async (file) => {
      const { uid } = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as { uid: string };
      return uid;
    }),
  );
}
