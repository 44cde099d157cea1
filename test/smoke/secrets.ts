import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '@rastreio/runtime';

/**
 * Looks for the stack's passwords where everybody on the machine can read, which is the command lines of all processes, and in its logs.
 *
 * @returns how many places were looked at
 * @throws OperatorError that names the places, not the passwords
 */
export async function secretsStayHidden(stackDir: string): Promise<number> {
  const kept = JSON.parse(await readFile(path.join(stackDir, 'secrets.json'), 'utf8')) as Record<
    string,
    string
  >;
  const ofServer = await readFile(await superuserFile(stackDir), 'utf8');
  const passwords = [...Object.values(kept), ofServer.trim()];
  const places = [
    ...(await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((pid) => `/proc/${pid}/cmdline`),
    ...(await readdir(path.join(stackDir, 'logs'))).map((name) => path.join(stackDir, 'logs', name)),
  ];
  const found: string[] = [];
  let looked = 0;
  for (const place of places) {
    // A process may have ended meanwhile.
    const text = await readFile(place, 'utf8').catch(() => '');
    if (text !== '') looked++;
    if (passwords.some((password) => text.includes(password))) found.push(place);
  }
  if (found.length > 0) throw new OperatorError(`a password of the stack stands in ${found.join(', ')}`);
  return looked;
}

async function superuserFile(stackDir: string): Promise<string> {
  const files = await readdir(stackDir, { recursive: true });
  const file = files.find((name) => path.basename(name) === 'superuser-password');
  if (file === undefined) throw new OperatorError(`no superuser-password is in ${stackDir}`);
  return path.join(stackDir, file);
}
