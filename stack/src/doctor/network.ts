import { lookup } from 'node:dns/promises';
import { readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { runningHolder } from '../lock';
import { portOption, type Ports } from '../options';
import { isFree } from '../ports';
import { textOf } from './resources';
import { check, fail, ok, warn } from './types';

/** A port that somebody listens on. */
interface Taken {
  readonly name: keyof Ports;
  readonly port: number;
  /** Who, as far as we may see it. */
  readonly by: string | undefined;
}

export const ports = check({
  code: 'RD020',
  title: 'Ports',
  wants: 'each port of `npm start` free, or held by the stack that runs in this folder',
  remedy: 'stop what listens there, or give another port',
  gather: async ({ dir, ports: wanted, proc }) => {
    const pid = await runningHolder(dir);
    // A start asks when it has the lock already.
    const holder = pid === process.pid ? undefined : pid;
    return { holder, taken: holder === undefined ? await takenPorts(wanted, proc) : [] };
  },
  judge: ({ holder, taken }) => {
    if (holder !== undefined) return ok(`held by the stack of process ${holder}`);
    if (taken.length === 0) return ok('all free');
    const seen = taken
      .map(({ port, by }) => `port ${port} is taken${by === undefined ? '' : ` by ${by}`}`)
      .join('; ');
    // Prometheus takes another one then: nothing else needs to know it.
    const serious = taken.filter(({ name }) => name !== 'prometheus').map(({ name }) => portOption(name));
    if (serious.length === 0) return warn(seen, 'nothing: Prometheus takes another one');
    return fail(seen, `stop what listens there or use ${serious.join(', ')} with another one`);
  },
});

export const localhost = check({
  code: 'RD021',
  title: 'localhost',
  wants: 'the name `localhost` is 127.0.0.1, where everything of the stack listens',
  remedy: 'write "127.0.0.1 localhost" into /etc/hosts',
  gather: async () =>
    (await lookup('localhost', { all: true }).catch(() => [])).map(({ address }) => address),
  judge: (addresses) =>
    addresses.includes('127.0.0.1')
      ? ok(addresses.join(', '))
      : fail(addresses.length === 0 ? 'nothing' : addresses.join(', ')),
});

export const proxies = check({
  code: 'RD022',
  title: 'Proxies',
  wants: 'proxies are addresses, and what goes to this machine does not go through them',
  remedy: 'export NO_PROXY=localhost,127.0.0.1',
  gather: ({ env }) =>
    Promise.resolve({
      set: ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].flatMap((name) => {
        const value = env[name];
        return value === undefined || value === '' ? [] : [{ name, value }];
      }),
      none: `${env.NO_PROXY ?? ''},${env.no_proxy ?? ''}`.split(',').map((name) => name.trim()),
      // Makes Node.js itself use them, for requests to the stack's own services too.
      byNode: env.NODE_USE_ENV_PROXY === '1',
    }),
  judge: ({ set, none, byNode }) => {
    if (set.length === 0) return ok('none');
    const wrong = set.filter(
      ({ value }) => !/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : ''),
    );
    const names = (some: typeof set) => some.map(({ name }) => name).join(', ');
    if (wrong.length > 0) return fail(`${names(wrong)}: no address`, 'write it as http://HOST:PORT');
    const direct = none.includes('*') || (none.includes('localhost') && none.includes('127.0.0.1'));
    if (direct) return ok(`${names(set)}; not for this machine`);
    const seen = `${names(set)}, and NO_PROXY lacks localhost or 127.0.0.1`;
    return byNode ? fail(seen) : warn(seen);
  },
});

async function takenPorts(wanted: Partial<Ports>, proc: string): Promise<Taken[]> {
  const all = Object.entries(wanted) as [keyof Ports, number][];
  const free = await Promise.all(all.map(([, port]) => isFree(port)));
  const taken = all.filter((_entry, i) => free[i] === false);
  return Promise.all(taken.map(async ([name, port]) => ({ name, port, by: await listenerOn(port, proc) })));
}

/** Format: https://docs.kernel.org/networking/proc_net_tcp.html */
async function listenerOn(port: number, proc: string): Promise<string | undefined> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => textOf(path.join(proc, 'net', name))));
  const place = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = tables
    .flatMap((table) => (table ?? '').split('\n').map((line) => line.trim().split(/\s+/)))
    .filter(([, local = '', , state]) => local.endsWith(place) && state === '0A')
    .map((columns) => `socket:[${columns[9]}]`);
  if (inodes.length === 0) return undefined;
  const pids = (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const holds = await Promise.all(pids.map((pid) => hasOneOf(path.join(proc, pid, 'fd'), inodes)));
  const pid = pids.find((_pid, i) => holds[i]);
  if (pid === undefined) return undefined;
  const name = (await textOf(path.join(proc, pid, 'comm')))?.trim() ?? 'somebody';
  return `${name} (process ${pid})`;
}

/** False also where the process is another user's, or gone. */
async function hasOneOf(folder: string, inodes: readonly string[]): Promise<boolean> {
  const entries = await readdir(folder).catch(() => []);
  const links = await Promise.all(entries.map((entry) => readlink(path.join(folder, entry)).catch(() => '')));
  return links.some((link) => inodes.includes(link));
}
