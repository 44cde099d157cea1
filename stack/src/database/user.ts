import { chmod, chown, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '@rastreio/runtime';
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

/** Makes the data folder for that user. */
export async function makeDataDir(dir: string, user: ServerUser | undefined): Promise<string> {
  const dataDir = path.join(dir, 'database', 'data');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (user !== undefined) {
    await chown(dataDir, user.uid, user.gid);
    // That user has to get to it, whatever the umask says. What is secret in these folders is closed by its own mode.
    await chmod(dir, 0o711);
    await chmod(path.dirname(dataDir), 0o711);
  }
  return dataDir;
}
