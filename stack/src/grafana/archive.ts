const OFFICIAL = 'https://dl.grafana.com/oss/release';

const SYSTEMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
const PROCESSORS: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

export interface Archive {
  /** `grafana-VERSION.SYSTEM-PROCESSOR.tar.gz`. */
  readonly name: string;
  readonly url: string;
  /** Where its SHA-256 is published. */
  readonly checksumUrl: string;
}

/**
 * Grafana's official archive for this kind of machine, undefined where there is none. GRAFANA_DOWNLOAD_URL names another
 * folder that holds the same files.
 */
export function grafanaArchive(
  version: string,
  { platform, arch }: { platform: string; arch: string } = process,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Archive | undefined {
  const [system, processor] = [SYSTEMS[platform], PROCESSORS[arch]];
  if (system === undefined || processor === undefined) return undefined;
  const set = env.GRAFANA_DOWNLOAD_URL;
  const folder = (set === undefined || set === '' ? OFFICIAL : set).replace(/\/+$/, '');
  const name = `grafana-${version}.${system}-${processor}.tar.gz`;
  return { name, url: `${folder}/${name}`, checksumUrl: `${folder}/${name}.sha256` };
}

/** The digits of a checksum file: alone, or before the file's name. @throws Error when it holds something else */
export function checksumIn(text: string): string {
  const digits = /^\s*([0-9a-f]{64})(?:\s|$)/i.exec(text)?.[1];
  if (digits === undefined) throw new Error(`no SHA-256 but ${JSON.stringify(text.slice(0, 60))}`);
  return digits.toLowerCase();
}
