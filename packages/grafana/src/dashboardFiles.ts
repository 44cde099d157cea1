import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { dashboardForm } from './dashboardForm';
import { asText, isObject, type Json, type JsonObject } from './json';
import type { Unit } from './units';

export interface DashboardFile {
  readonly file: string;
  readonly text: string;
  readonly dashboard: JsonObject;
}

/** All dashboards of a folder, by name of file. @throws OperatorError (78) for a file that is no dashboard or repeats a uid */
export async function readDashboardFiles(folder: string): Promise<readonly DashboardFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const files = await Promise.all(names.map((name) => readDashboardFile(path.join(folder, name))));
  const seen = new Map<string, string>();
  for (const { file, dashboard } of files) {
    const uid = asText(dashboard.uid);
    const other = seen.get(uid);
    if (other !== undefined)
      throw new OperatorError(
        `${file}: uid "${uid}" is that of ${other} too; give it another one`,
        EXIT.config,
      );
    seen.set(uid, file);
  }
  return files;
}

/** A file's dashboard as a unit. */
export function dashboardUnit(dashboard: JsonObject): Unit {
  return { kind: 'dashboard', key: asText(dashboard.uid), content: dashboardForm(dashboard) };
}

async function readDashboardFile(file: string): Promise<DashboardFile> {
  const text = await readFile(file, 'utf8');
  let dashboard: Json;
  try {
    dashboard = JSON.parse(text) as Json;
  } catch (error) {
    throw new OperatorError(`${file} is not JSON: ${(error as Error).message}; correct it`, EXIT.config, {
      cause: error,
    });
  }
  if (!isObject(dashboard) || asText(dashboard.uid) === '' || asText(dashboard.title) === '')
    throw new OperatorError(
      `${file}: a dashboard has the keys "uid" and "title" at its top (Classic JSON); add them`,
      EXIT.config,
    );
  return { file, text, dashboard };
}
