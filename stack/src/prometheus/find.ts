import path from 'node:path';
import { debianPackagesUnavailable, unpackDebianPackage } from '../debianPackage';
import { answers } from '../run';
import { installOnce } from '../vendor';

/** The Prometheus to run: the one on PATH, else Debian's package, unpacked and not installed. @throws Error in words for the operator */
export async function findPrometheus(signal: AbortSignal): Promise<string> {
  if ((await answers('prometheus', ['--version'])) !== undefined) return 'prometheus';
  const reason = await debianPackagesUnavailable('Debian’s Prometheus package');
  if (reason !== null) throw new Error(reason);
  const folder = await installOnce(
    'debian-prometheus',
    async (dir) => {
      await unpackDebianPackage('prometheus', dir, { signal });
      const binary = path.join(dir, BINARY);
      if ((await answers(binary, ['--version'])) === undefined)
        throw new Error('Debian’s Prometheus cannot be run on this machine');
    },
    signal,
  );
  return path.join(folder, BINARY);
}

const BINARY = 'usr/bin/prometheus';
