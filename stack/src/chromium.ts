import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '@rastreio/runtime';
import { answers, run } from './run';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of a Chromium for tests: CHROMIUM_PATH, one on PATH, or, as root on Debian-like systems, a freshly installed one. */
export async function ensureChromium(log: { info(text: string): void }): Promise<string> {
  const set = process.env.CHROMIUM_PATH;
  if (set !== undefined && set !== '') return set;
  const found = await onPath();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && (await answers('apt-get', ['--version'])) !== undefined) {
    log.info('no Chromium on this machine: installing Debian’s with apt-get for the browser tests');
    await run('apt-get', ['update']);
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const fresh = await onPath();
    if (fresh !== undefined) return fresh;
  }
  throw new OperatorError(
    'The browser tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH',
  );
}

async function onPath(): Promise<string | undefined> {
  for (const name of NAMES) {
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(folder, name);
      if (
        await access(file, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return file;
    }
  }
  return undefined;
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
