import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, OperatorError, type Log } from '@rastreio/runtime';
import { loadProfiles, type Auth, type SourceProfile } from '@rastreio/sources';

/** A profile that is served. */
interface ServedSource {
  readonly profile: SourceProfile;
  /** Its key or signing secret; null where requests are let in as those of POST /eventos are. */
  readonly secret: string | null;
}

/** The profiles that are served, and why others are not, by name. */
export interface Sources {
  readonly served: ReadonlyMap<string, ServedSource>;
  readonly closed: ReadonlyMap<string, string>;
}

/**
 * Reads the source profiles of a folder and their secrets. A profile that is broken, or of which the secret is not there, is not served, and costs
 * no other.
 *
 * @throws OperatorError (exit code 78) when a secret's file is there and cannot be read
 */
export async function openSources(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  log: Log,
): Promise<Sources> {
  const { profiles, problems } = await loadProfiles(folder);
  const served = new Map<string, ServedSource>();
  const closed = new Map<string, string>();
  for (const { file, line, text } of problems) {
    log.error(
      { file, line, problem: text },
      'a source profile is broken, and is not served until it is corrected',
    );
    const name = path.basename(file).replace(/\.ya?ml$/, '');
    closed.set(name, 'its profile is broken');
  }
  for (const [name, profile] of profiles) {
    const read = await readSecret(profile.auth, env);
    if (read.ok) served.set(name, { profile, secret: read.secret });
    else closed.set(name, read.why);
  }
  log.info({ folder, served: [...served.keys()], withoutSecret: [...closed.keys()] }, 'source profiles read');
  return { served, closed };
}

type Locked = Exclude<Auth, { type: 'none' }>;

const placeOf = (auth: Locked) => (auth.type === 'apiKey' ? auth.key : auth.secret);

function missing(auth: Locked): string {
  const place = placeOf(auth);
  return 'env' in place
    ? `the operator has not set ${place.env}`
    : `the file ${place.file} is missing or empty`;
}

export type SecretRead =
  /** Null: the profile asks for none. */
  { readonly ok: true; readonly secret: string | null } | { readonly ok: false; readonly why: string };

/** A profile's key or signing secret. @throws OperatorError (exit code 78) when its file is there and cannot be read */
export async function readSecret(
  auth: Auth,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SecretRead> {
  if (auth.type === 'none') return { ok: true, secret: null };
  const place = placeOf(auth);
  const secret = 'env' in place ? env[place.env] : await firstLine(place.file);
  return secret ? { ok: true, secret } : { ok: false, why: missing(auth) };
}

async function firstLine(file: string): Promise<string | undefined> {
  try {
    const [line = ''] = (await readFile(file, 'utf8')).split(/\r?\n/);
    return line.trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new OperatorError(
      `${file}: ${(error as Error).message}; check the path in the profile's auth`,
      EXIT.config,
    );
  }
}
