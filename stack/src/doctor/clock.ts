import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { withClient } from '@rastreio/database';
import { check, fail, ok, warn } from './types';

/** File systems of other machines, and what is written while we look. */
const TOLERANCE_MS = 60_000;
const CLOSE_MS = 2_000;

export const clock = check({
  code: 'RD030',
  title: 'Clock',
  wants: 'nothing that the stack wrote lies in the future, as after a clock was set back',
  remedy:
    'set the clock (timedatectl set-ntp true); a simulator whose state lies ahead sends nothing until then',
  gather: async ({ dir, now }) => ({ now: now(), newest: await newestIn([dir, path.join(dir, 'logs')]) }),
  judge: ({ now, newest }) => {
    const seen = new Date(now).toISOString();
    if (newest === undefined || newest.at <= now + TOLERANCE_MS) return ok(seen);
    return fail(`${seen}, and ${newest.file} is of ${new Date(newest.at).toISOString()}`);
  },
});

export const databaseClock = check({
  code: 'RD031',
  title: 'Clock of the database',
  wants: 'the clocks of this machine and of the running stack’s database agree within two seconds',
  remedy: 'set both clocks by NTP (timedatectl set-ntp true)',
  gather: async ({ running, now }) => {
    const stack = await running();
    if (stack === null) return undefined;
    return withClient(stack.databaseUrlAs('reader'), async (client) => {
      const before = now();
      const { rows } = await client.query<{ ms: number }>(
        'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms',
      );
      return { before, theirs: rows[0]?.ms ?? 0, after: now() };
    });
  },
  judge: (times) => {
    if (times === undefined) return ok('no stack runs');
    const off = Math.max(times.before - times.theirs, times.theirs - times.after, 0);
    const seen = `${(off / 1000).toFixed(1)} s apart`;
    if (off > TOLERANCE_MS) return fail(seen);
    return off > CLOSE_MS ? warn(seen) : ok(seen);
  },
});

export const zones = check({
  code: 'RD032',
  title: 'Time zones and language',
  wants:
    'this Node.js knows the zones that are named (`TZ`, `RASTREIO_TIME_ZONE`, `NAIVE_TIMEZONE`) and Portuguese',
  remedy:
    'use a Node.js with all of ICU (that of nodejs.org has it) and IANA names such as America/Sao_Paulo',
  gather: ({ env }) =>
    Promise.resolve({
      unknown: ['TZ', 'RASTREIO_TIME_ZONE', 'NAIVE_TIMEZONE'].flatMap((name) => {
        const zone = env[name];
        return zone === undefined || zone === '' || isZone(zone) ? [] : [`${name}=${zone}`];
      }),
      portuguese: isZone('America/Sao_Paulo') && Intl.NumberFormat.supportedLocalesOf('pt-BR').length > 0,
    }),
  judge: ({ unknown, portuguese }) => {
    if (unknown.length > 0) return fail(`unknown: ${unknown.join(', ')}`);
    return portuguese ? ok('known') : fail('this Node.js lacks America/Sao_Paulo or pt-BR');
  },
});

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

async function newestIn(folders: readonly string[]): Promise<{ file: string; at: number } | undefined> {
  let newest: { file: string; at: number } | undefined;
  for (const folder of folders)
    for (const name of await readdir(folder).catch(() => [])) {
      const file = path.join(folder, name);
      const at = (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
      if (newest === undefined || at > newest.at) newest = { file, at };
    }
  return newest;
}
