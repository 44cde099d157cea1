import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { PROVIDERS, type OwnProvider } from './types';

/** A cluster, and who made it: no other provider may start it, or start another one in its stead. */
export interface Existing {
  readonly provider: OwnProvider;
  readonly dataDir: string;
}

/** In PostgreSQL's own folder, so that it goes wherever the data go. */
const NOTE = 'rastreio-provider';

/** Where a stack keeps the root folder of Debian's packages, and the clusters: one in that root, one beside it. */
export const debianRoot = (dir: string): string => path.join(dir, 'database', 'root');
export const debianDataDir = (dir: string): string => path.join(debianRoot(dir), 'data', 'pg');
export const ownDataDir = (dir: string): string => path.join(dir, 'database', 'data');

/** The clusters that a stack's folder holds. @throws OperatorError (78) when it cannot be told */
export async function existingClusters(dir: string): Promise<Existing[]> {
  const folders = [debianDataDir(dir), ownDataDir(dir)];
  const found: Existing[] = [];
  for (const dataDir of folders) {
    if (!(await holdsCluster(dataDir))) continue;
    found.push({
      dataDir,
      provider: dataDir === debianDataDir(dir) ? 'timescaledb' : await makerOf(dataDir),
    });
  }
  return found;
}

/** PostgreSQL's data folder of a stack whose database has been started. @throws Error where there is not exactly one */
export async function clusterFolder(dir: string): Promise<string> {
  const found = await existingClusters(dir);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${dir} holds ${found.length} databases`);
  return only.dataDir;
}

/** Whether anything is in a data folder: what is not understood counts as data. */
export async function holdsCluster(dataDir: string): Promise<boolean> {
  return ((await ifReadable(dataDir, () => readdir(dataDir))) ?? []).length > 0;
}

/** Writes down who makes a cluster. */
export async function noteProvider(dataDir: string, provider: OwnProvider): Promise<void> {
  await writeFile(path.join(dataDir, NOTE), `${provider}\n`);
}

/** PostgreSQL's major version, of which a cluster's server must be; undefined where there is no cluster. */
export async function majorOf(dataDir: string): Promise<number | undefined> {
  const text = await ifReadable(dataDir, () => readFile(path.join(dataDir, 'PG_VERSION'), 'utf8'));
  return text === undefined ? undefined : Number(text);
}

async function makerOf(dataDir: string): Promise<OwnProvider> {
  const read = (name: string) => ifReadable(dataDir, () => readFile(path.join(dataDir, name), 'utf8'));
  const noted = (await read(NOTE))?.trim();
  const known = PROVIDERS.find((name): name is OwnProvider => name === noted && name !== 'auto');
  // Of an earlier version, which wrote nothing down: PostgreSQL notes with which command line it was started last.
  return known ?? (/timescaledb/.test((await read('postmaster.opts')) ?? '') ? 'installed' : 'embedded');
}

/** Undefined where there is no such file or folder; a folder that is closed to us is there. */
async function ifReadable<T>(dataDir: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new OperatorError(
      `There is a database in ${dataDir} that cannot be looked into (${message}): start as the user who made it, or use --dir with another folder`,
      EXIT.config,
    );
  }
}
