import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const dashboardSchema = z.looseObject({
  uid: z.string(),
  title: z.string(),
  tags: z.array(z.string()).default([]),
});

/** A dashboard in Grafana's Classic JSON. */
export type Dashboard = z.infer<typeof dashboardSchema>;

/** Reads the JSON files of the folders, afresh each time, so that an edited file shows at once. */
export async function readDashboards(folders: readonly string[]): Promise<Dashboard[]> {
  return (await Promise.all(folders.map(readFolder))).flat();
}

async function readFolder(folder: string): Promise<Dashboard[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) =>
      dashboardSchema.parse(JSON.parse(await readFile(path.join(folder, file), 'utf8'))),
    ),
  );
}

/** The readable part of a dashboard's address. */
export function slugOf(title: string): string {
  return title
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** The dashboard behind `/`: the control tower, else the live page, else the first one. */
export function homeOf(dashboards: readonly Dashboard[]): Dashboard | undefined {
  const named = ['torre', 'entregas-tempo-real'].map((uid) => dashboards.find((each) => each.uid === uid));
  return named.find((each) => each !== undefined) ?? dashboards[0];
}

/** Where a dashboard is. */
export const addressOf = ({ uid, title }: Dashboard): string => `/d/${uid}/${slugOf(title)}`;
