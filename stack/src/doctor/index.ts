import { statfs } from 'node:fs/promises';
import { DEFAULT_PORTS, type Ports } from '../options';
import { REPO_ROOT } from '../paths';
import { readRunning } from '../running';
import * as checkout from './checkout';
import * as clocks from './clock';
import * as database from './database';
import * as environment from './environment';
import * as folder from './folder';
import * as network from './network';
import * as resources from './resources';
import * as running from './running';
import * as tools from './tools';
import { fail, type AnyCheck, type Level, type Place } from './types';

export { addPortOptions, portsOf } from '../options';
export { type Level } from './types';

/** All of them, in the order of their codes. */
export const CHECKS: readonly AnyCheck[] = [
  ...[tools.node, tools.npm, tools.java, tools.maven, tools.chromium],
  ...[resources.disk, resources.inodes, resources.temporary, resources.memory, resources.processors],
  resources.openFiles,
  ...[network.ports, network.localhost, network.proxies],
  ...[clocks.clock, clocks.databaseClock, clocks.zones],
  ...[folder.writable, folder.secrets, folder.lock, folder.note, folder.leftovers, folder.orphans],
  ...[database.servers, database.cluster, database.user],
  ...[running.schema, running.topics, running.services, running.grafana],
  ...[checkout.modules, checkout.builds, checkout.git],
  ...[environment.names, environment.addresses, environment.grafanaHome, environment.nodeSettings],
  environment.vendor,
];

/** Without which a start would fail in the middle. */
export const DEMANDED: readonly AnyCheck[] = [tools.java, tools.maven, resources.disk, network.ports];

/** What came of one check. */
export interface Finding {
  readonly code: string;
  readonly title: string;
  readonly level: Level;
  readonly seen: string;
  /** What to do; null where all is well. */
  readonly advice: string | null;
}

/** The place that a checkout and a stack's folder make on this machine. */
export function placeOf(
  dir: string,
  ports: Partial<Ports> = DEFAULT_PORTS,
  env: Place['env'] = process.env,
): Place {
  let asked: ReturnType<typeof readRunning> | undefined;
  return {
    root: REPO_ROOT,
    dir,
    ports,
    env,
    running: () => (asked ??= readRunning(dir)),
    nodeVersion: process.versions.node,
    now: Date.now,
    statfs,
    proc: '/proc',
    cgroup: '/sys/fs/cgroup',
  };
}

/** Looks at everything, side by side, and changes nothing. What cannot be looked at counts as failed. Never rejects. */
export async function examine(
  place: Place,
  checks: readonly AnyCheck[] = CHECKS,
): Promise<readonly Finding[]> {
  return Promise.all(
    checks.map(async ({ code, title, remedy, look }) => {
      const {
        level,
        seen,
        advice = remedy,
      } = await look(place).catch((error: Error) => fail(`could not be looked at: ${error.message}`));
      return { code, title, level, seen, advice: level === 'ok' ? null : advice };
    }),
  );
}
