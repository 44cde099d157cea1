import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { run } from '../run';

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user to run PostgreSQL as, which refuses root: undefined means the one we are. */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const ids = await run('id', [name]).catch(() => undefined);
    const match = ids === undefined ? null : /uid=(\d+).*?gid=(\d+)/.exec(ids);
    if (match !== null) return { uid: Number(match[1]), gid: Number(match[2]) };
  }
  throw new OperatorError(
    'PostgreSQL does not run as root and there is no user postgres or nobody; start as an ordinary user',
  );
}

/** Makes a data folder in a stack's folder for that user. */
export async function makeDataFolder(
  dir: string,
  folder: string,
  user: ServerUser | undefined,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (user === undefined) return;
  await chown(folder, user.uid, user.gid);
  // That user has to get to it, whatever the umask says. What is secret in these folders is closed by its own mode.
  await chmod(dir, 0o711);
  await chmod(path.dirname(folder), 0o711);
  await assertEnterable(dir);
}

/** @throws OperatorError (78) that names the folder which the server's user cannot enter */
async function assertEnterable(dir: string): Promise<void> {
  const folder = await closedFolder(dir);
  if (folder === undefined) return;
  throw new OperatorError(
    `PostgreSQL does not run as root, and its user cannot enter ${folder}: use --dir with a folder elsewhere, or chmod o+x ${folder}`,
    EXIT.config,
  );
}

/** The folder on the way to `dir` that other users cannot enter; undefined where there is none. What does not exist yet is left out. */
export async function closedFolder(dir: string): Promise<string | undefined> {
  for (let folder = dir; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const info = await stat(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (info !== undefined && (info.mode & 0o001) === 0) return folder;
  }
  return undefined;
}
