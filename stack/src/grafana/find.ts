import { existsSync } from 'node:fs';
import path from 'node:path';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { oneLine } from '../oneLine';
import type { Progress } from '../progress';
import { answers } from '../run';
import { grafanaArchive } from './archive';
import { installGrafana } from './install';
import { grafanaVersion } from './version';

export interface Grafana {
  readonly home: string;
  readonly binary: string;
}

/** The Grafana to use: the folder given, else the one on PATH, else none. @throws OperatorError (78) when the folder has none */
export async function findGrafana(home: string | undefined): Promise<Grafana | undefined> {
  if (home !== undefined && home !== '') {
    const binary = ['bin/grafana', 'bin/grafana-server']
      .map((file) => path.resolve(home, file))
      .find((file) => existsSync(file));
    if (binary === undefined)
      throw new OperatorError(
        `${home} holds no bin/grafana: give Grafana's home folder, or leave the option out for the preview`,
        EXIT.config,
      );
    return { home: path.resolve(home), binary };
  }
  if ((await answers('grafana', ['--version'])) === undefined) return undefined;
  // Where Grafana's packages for Debian and Red Hat put it.
  const packaged = '/usr/share/grafana';
  return existsSync(packaged) ? { home: packaged, binary: 'grafana' } : undefined;
}

/**
 * Grafana's official archive of this repository's version, downloaded the first time. Undefined, and said in one line, where
 * it cannot be had: the next start tries again. @throws the reason of `signal`
 */
export async function fetchGrafana(
  progress: Pick<Progress, 'note'>,
  signal: AbortSignal,
): Promise<Grafana | undefined> {
  const version = await grafanaVersion();
  const instead =
    'the preview is shown instead; the next start tries again, GRAFANA_HOME names a Grafana that is here';
  const archive = grafanaArchive(version);
  if (archive === undefined) {
    progress.note(`Grafana ${version} has no archive for ${process.platform}-${process.arch}: ${instead}`);
    return undefined;
  }
  try {
    const home = await installGrafana({ version, archive, progress, signal });
    return { home, binary: path.join(home, 'bin', 'grafana') };
  } catch (error) {
    signal.throwIfAborted();
    progress.note(`Grafana ${version} was not fetched (${oneLine(error)}): ${instead}`);
    return undefined;
  }
}
