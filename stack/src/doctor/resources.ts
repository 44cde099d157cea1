import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { availableParallelism, freemem, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { check, fail, gib, ok, warn, type Place } from './types';

/** A stack's first hours, with its downloads; below it Kafka and PostgreSQL stop in the middle. */
const NEEDED_BYTES = 2 * 2 ** 30;
const COMFORTABLE_BYTES = 5 * 2 ** 30;
/** node_modules alone has 100,000 files. */
const NEEDED_FILES = 20_000;
const COMFORTABLE_FILES = 200_000;
const NEEDED_TEMP_BYTES = 512 * 2 ** 20;
/** Kafka and the database take 1.3 GiB, the services and Grafana 0.7. */
const NEEDED_MEMORY = 2 * 2 ** 30;
const COMFORTABLE_MEMORY = 3 * 2 ** 30;
/** Kafka keeps a handful open for each segment, PostgreSQL some for each connection. */
const NEEDED_OPEN_FILES = 1_024;
const COMFORTABLE_OPEN_FILES = 4_096;

export const disk = check({
  code: 'RD010',
  title: 'Disk',
  wants: `${gib(NEEDED_BYTES)} free where the stack keeps its data; ${gib(COMFORTABLE_BYTES)} are comfortable`,
  remedy: 'free some space or use --dir on another disk',
  gather: async ({ dir, statfs }) => {
    const { bavail, bsize } = await statfs(await existing(dir));
    return { dir, free: bavail * bsize };
  },
  judge: ({ dir, free }) => {
    const seen = `${dir} has ${gib(free)} free`;
    if (free < NEEDED_BYTES) return fail(`${seen} and needs ${gib(NEEDED_BYTES)}`);
    return free < COMFORTABLE_BYTES ? warn(seen) : ok(seen);
  },
});

export const inodes = check({
  code: 'RD011',
  title: 'Files on disk',
  wants: `${NEEDED_FILES} free inodes where the stack keeps its data`,
  remedy: 'remove small files (a build cache, old logs) or use --dir on another disk',
  gather: async ({ dir, statfs }) => statfs(await existing(dir)),
  judge: ({ files, ffree }) => {
    // btrfs and others count none.
    if (files === 0) return ok('no limit');
    const seen = `${ffree} free inodes`;
    if (ffree < NEEDED_FILES) return fail(seen);
    return ffree < COMFORTABLE_FILES ? warn(seen) : ok(seen);
  },
});

export const temporary = check({
  code: 'RD012',
  title: 'Temporary folder',
  wants: `${gib(NEEDED_TEMP_BYTES)} free in a folder for temporary files (\`TMPDIR\`) that we may write into`,
  remedy: 'free some space there, or name another folder in TMPDIR',
  gather: async ({ env, statfs }) => {
    const dir = env.TMPDIR === undefined || env.TMPDIR === '' ? tmpdir() : env.TMPDIR;
    const problem = await closed(dir);
    const free = problem === undefined ? await statfs(dir).then(({ bavail, bsize }) => bavail * bsize) : 0;
    return { dir, problem, free };
  },
  judge: ({ dir, problem, free }) => {
    if (problem !== undefined) return fail(`${dir}: ${problem}`);
    return free < NEEDED_TEMP_BYTES
      ? fail(`${dir} has ${gib(free)} free`)
      : ok(`${dir} has ${gib(free)} free`);
  },
});

export const memory = check({
  code: 'RD013',
  title: 'Memory',
  wants: `${gib(NEEDED_MEMORY)} for everything together, be it of the machine or of the container (cgroup); ${gib(COMFORTABLE_MEMORY)} are comfortable`,
  remedy: 'end other programs, or give the container or virtual machine more memory',
  gather: async ({ proc, cgroup }) => ({
    total: totalmem(),
    available: (await availableMemory(proc)) ?? freemem(),
    limit: await memoryLimit(cgroup),
  }),
  judge: ({ total, available, limit }) => {
    const most = Math.min(total, limit ?? Infinity);
    const of = limit !== undefined && limit < total ? `${gib(limit)} for this container` : gib(total);
    if (most < NEEDED_MEMORY) return fail(of);
    const seen = `${gib(Math.min(available, most))} available of ${of}`;
    return Math.min(available, most) < COMFORTABLE_MEMORY ? warn(seen) : ok(seen);
  },
});

export const processors = check({
  code: 'RD014',
  title: 'Processors',
  wants: 'two processors; with less everything works, slowly',
  remedy: 'give the container or virtual machine two processors',
  gather: async ({ cgroup }) => ({ count: availableParallelism(), quota: await cpuQuota(cgroup) }),
  judge: ({ count, quota }) => {
    const share = Math.min(count, quota ?? Infinity);
    const seen =
      quota === undefined || quota >= count ? `${count}` : `${count}, of which we get ${quota.toFixed(1)}`;
    return share < 2 ? warn(seen) : ok(seen);
  },
});

export const openFiles = check({
  code: 'RD015',
  title: 'Open files',
  wants: `a limit of at least ${COMFORTABLE_OPEN_FILES} open files for a process (\`ulimit -n\`)`,
  remedy: 'ulimit -n 65536 in this shell, or LimitNOFILE of the service',
  gather: ({ proc }) => textOf(path.join(proc, 'self', 'limits')),
  judge: (text) => {
    const limit = /^Max open files\s+(\S+)/m.exec(text ?? '')?.[1];
    if (limit === undefined) return ok('not told by this system');
    const count = limit === 'unlimited' ? Infinity : Number(limit);
    if (count < NEEDED_OPEN_FILES) return fail(limit);
    return count < COMFORTABLE_OPEN_FILES ? warn(limit) : ok(limit);
  },
});

/** The folder itself, or the next one above it that exists. */
export async function existing(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    if ((await stat(at).catch(() => undefined)) !== undefined || at === path.dirname(at)) return at;
  }
}

/** Why nothing can be written into a folder; undefined where it can. */
export async function closed(folder: string): Promise<string | undefined> {
  try {
    if (!(await stat(folder)).isDirectory()) return 'it is no folder';
    await access(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Undefined where there is no such file. */
export async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

/** With what Linux would give up of its caches. */
async function availableMemory(proc: Place['proc']): Promise<number | undefined> {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec((await textOf(path.join(proc, 'meminfo'))) ?? '')?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}

/** Of control groups, version 2 and 1: https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files */
async function memoryLimit(cgroup: string): Promise<number | undefined> {
  for (const file of ['memory.max', 'memory/memory.limit_in_bytes']) {
    const bytes = Number.parseInt((await textOf(path.join(cgroup, file))) ?? '', 10);
    // Version 1 says "no limit" by a number that no machine has.
    if (bytes > 0 && bytes < 2 ** 60) return bytes;
  }
  return undefined;
}

async function cpuQuota(cgroup: string): Promise<number | undefined> {
  const [quota, period] = ((await textOf(path.join(cgroup, 'cpu.max'))) ?? '').split(' ').map(Number);
  return quota !== undefined && period !== undefined && quota > 0 ? quota / period : undefined;
}
