import { readFile } from 'node:fs/promises';
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
 * Reads the source profiles of a folder and their secrets. A profile of which the secret is not there is not served.
 *
 * @throws OperatorError (exit code 78) with every line that is wrong in a profile, or when a secret's file cannot be read
 */
export async function openSources(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  log: Log,
): Promise<Sources> {
  const { profiles, problems } = await loadProfiles(folder);
  if (problems.length > 0)
    throw new OperatorError(
      `Correct these lines of source profiles and start again:\n${problems.map(({ file, line, text }) => `  ${file}:${line}: ${text}`).join('\n')}`,
      EXIT.config,
    );
  const served = new Map<string, ServedSource>();
  const closed = new Map<string, string>();
  for (const [name, profile] of profiles) {
    const { auth } = profile;
    if (auth.type === 'none') {
      served.set(name, { profile, secret: null });
      continue;
    }
    const secret = await readSecret(auth, env);
    if (secret === undefined) closed.set(name, missing(auth));
    else served.set(name, { profile, secret });
  }
  log.info({ folder, served: [...served.keys()], withoutSecret: [...closed.keys()] }, 'source profiles read');
  return { served, closed };
}

type Locked = Exclude<Auth, { type: 'none' }>;

const placeOf = (auth: Locked) => (auth.type === 'apiKey' ? auth.key : auth.secret);

function missing(auth: Locked): string {
  const place = placeOf(auth);
  return 'env' in place ? `the operator has not set ${place.env}` : `${place.file} is missing`;
}

/** Undefined: there is none. @throws OperatorError (exit code 78) when its file cannot be read, or is empty */
async function readSecret(
  auth: Locked,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const place = placeOf(auth);
  if ('env' in place) return env[place.env] || undefined;
  let text: string;
  try {
    text = await readFile(place.file, 'utf8');
  } catch (error) {
    throw new OperatorError(
      `${place.file}: ${(error as Error).message}; check the path in the profile's auth`,
      EXIT.config,
    );
  }
  const [secret = ''] = text.split(/\r?\n/);
  if (secret === '')
    throw new OperatorError(`${place.file}: the first line is empty; write the secret there`, EXIT.config);
  return secret;
}
