import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { EXIT, OperatorError } from '@rastreio/runtime';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * The path of a Chromium: CHROMIUM_PATH, one on PATH, or, as root on Debian-like systems, a freshly installed one.
 *
 * @throws OperatorError (78) when there is none and none can be installed
 */
export async function ensureChromium(log: { info(text: string): void }): Promise<string> {
  const found = await findChromium();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && (await apt('--version')) === undefined) {
    log.info('no Chromium on this machine: installing Debian’s with apt-get');
    const failure =
      (await apt('update')) ??
      (await apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'));
    const fresh = await findChromium();
    if (fresh !== undefined) return fresh;
    throw new OperatorError(
      `Chromium could not be installed: ${failure ?? 'apt-get brought none'}`,
      EXIT.config,
    );
  }
  throw new OperatorError(
    'A Chromium is needed: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH',
    EXIT.config,
  );
}

/** Flags for a headless Chromium that asks nobody for anything; a root user cannot have the sandbox. */
export const CHROMIUM_ARGS: readonly string[] = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** Runs apt-get. @returns why it failed */
async function apt(...args: readonly string[]): Promise<string | undefined> {
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await promisify(execFile)('apt-get', args, { env, maxBuffer: MAX_OUTPUT });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The path of the Chromium that is here: CHROMIUM_PATH, else one on PATH. */
export async function findChromium(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | undefined> {
  const set = env.CHROMIUM_PATH;
  if (set !== undefined && set !== '') return set;
  for (const name of NAMES) {
    for (const folder of (env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(folder, name);
      const runs = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (runs) return file;
    }
  }
  return undefined;
}
