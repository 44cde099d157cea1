import path from 'node:path';
import { download, downloadText, forget, sha256, type DownloadLimits } from '../download';
import { vendorDir } from '../paths';
import type { Progress } from '../progress';
import { answers, run } from '../run';
import { installOnce } from '../vendor';
import { checksumIn, type Archive } from './archive';

const MB = 1024 ** 2;
/** A line at every step of this many percent, or after this long. */
const STEP_PERCENT = 10;
const STEP_MS = 15_000;
const STEP_BYTES = 25 * MB;

export interface InstallOptions {
  readonly version: string;
  readonly archive: Archive;
  readonly progress: Pick<Progress, 'note'>;
  readonly signal: AbortSignal;
  readonly limits?: DownloadLimits;
}

/**
 * The home folder of a downloaded Grafana, fetched, compared with its published checksum and unpacked the first time. What
 * has arrived of an interrupted download is used by the next one.
 * @throws Error that says in one line what went wrong; the reason of `signal` when that ended it
 */
export async function installGrafana(options: InstallOptions): Promise<string> {
  const { version, signal } = options;
  return installOnce(`grafana-${version}`, (home) => fetchInto(home, options), signal);
}

async function fetchInto(
  home: string,
  { version, archive, progress, signal, limits }: InstallOptions,
): Promise<void> {
  const common = { signal, ...(limits === undefined ? {} : { limits }) };
  const wanted = checksumIn(await downloadText(archive.checksumUrl, common));
  const file = path.join(vendorDir(), `${archive.name}.part`);
  const tell = teller(`Grafana ${version}`, progress);
  await download(archive.url, file, { ...common, onProgress: tell });
  const actual = await sha256(file);
  if (actual !== wanted) {
    await forget(file);
    throw new Error(`${archive.url} has SHA-256 ${actual}, published is ${wanted}: not used`);
  }
  progress.note(`Grafana ${version}: checksum agrees, unpacking`);
  await run('tar', ['-xzf', file, '--strip-components=1', '-C', home], { signal });
  const binary = path.join(home, 'bin', 'grafana');
  if ((await answers(binary, ['--version'])) === undefined)
    throw new Error(`${binary} of ${archive.name} cannot be run on this machine`);
  await forget(file);
}

/** Turns what arrives into a line now and then. */
function teller(what: string, progress: Pick<Progress, 'note'>) {
  let [at, step] = [Date.now(), 0];
  return (received: number, whole: number | undefined) => {
    const now =
      whole === undefined
        ? Math.floor(received / STEP_BYTES)
        : Math.floor((received / whole) * (100 / STEP_PERCENT));
    if (now <= step && Date.now() - at < STEP_MS) return;
    [at, step] = [Date.now(), now];
    const size = (bytes: number) => (bytes / MB).toFixed(bytes < 10 * MB ? 1 : 0);
    progress.note(
      whole === undefined
        ? `${what}: ${size(received)} MB`
        : `${what}: ${Math.floor((received / whole) * 100)} % of ${size(whole)} MB`,
    );
  };
}
