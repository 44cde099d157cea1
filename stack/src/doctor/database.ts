import { existsSync } from 'node:fs';
import path from 'node:path';
import { providersFor } from '../database';
import { existingClusters } from '../database/existing';
import { closedFolder, serverUser } from '../database/user';
import { check, fail, ok, warn } from './types';

export const servers = check({
  code: 'RD050',
  title: 'Database programs',
  wants:
    'a PostgreSQL with TimescaleDB that is installed or can be fetched here; else plain PostgreSQL is used, without hypertables',
  remedy:
    'on Debian or Ubuntu start as root, with apt-get; elsewhere install PostgreSQL 16 or newer with TimescaleDB, or give a server with --database-url',
  gather: ({ dir }) => providersFor(dir),
  judge: (providers) => {
    const chosen = providers.find(({ reason }) => reason === null);
    const reasons = providers.flatMap(({ name, reason }) => (reason === null ? [] : [`${name}: ${reason}`]));
    if (chosen === undefined) return fail(reasons.join('; '));
    return chosen.name === 'embedded' ? warn(`plain PostgreSQL (${reasons.join('; ')})`) : ok(chosen.name);
  },
});

export const cluster = check({
  code: 'RD051',
  title: 'Data that are here',
  wants: 'one database in the stack’s folder, whose maker can start it: no other one ever does',
  remedy: 'mend what is said of its maker, use --dir with another folder, or forget the data with --reset',
  gather: async ({ dir }) => {
    const made = await existingClusters(dir).then(
      (clusters) => clusters.map(({ provider }) => provider),
      (error: Error) => error.message,
    );
    const passwordFile = path.join(dir, 'superuser-password');
    return { made, providers: await providersFor(dir), passwordFile, password: existsSync(passwordFile) };
  },
  judge: ({ made, providers, passwordFile, password }) => {
    if (typeof made === 'string') return fail(made);
    const [first, second] = made;
    if (first === undefined) return ok('none yet');
    if (second !== undefined)
      return fail(
        `databases of ${first} and ${second}`,
        `say which: --database ${first} or --database ${second}`,
      );
    const reason = providers.find(({ name }) => name === first)?.reason;
    if (typeof reason === 'string') return fail(`of --database ${first}, which cannot be started: ${reason}`);
    if (!password)
      return fail(
        `${passwordFile} is missing, and the database lets nobody in without it`,
        'put it back from a copy, or forget the data with --reset',
      );
    return ok(`of --database ${first}`);
  },
});

export const user = check({
  code: 'RD052',
  title: 'User of PostgreSQL',
  wants:
    'for root, a user `postgres` or `nobody` who can enter the stack’s folder: PostgreSQL does not run as root',
  remedy: 'start as an ordinary user, or use --dir with a folder that others can enter',
  gather: async ({ dir }) => {
    const found = await serverUser().then(
      (ids) => ({ root: ids !== undefined, problem: undefined }),
      (error: Error) => ({ root: true, problem: error.message }),
    );
    // Debian's packages run in a root of their own, which root enters for them.
    const own = (await providersFor(dir)).find(({ reason }) => reason === null)?.name !== 'timescaledb';
    return { ...found, closed: found.root && own ? await closedFolder(dir) : undefined };
  },
  judge: ({ root, problem, closed }) => {
    if (problem !== undefined) return fail(problem);
    if (closed !== undefined)
      return fail(
        `others cannot enter ${closed}`,
        `chmod o+x ${closed}, or use --dir with a folder elsewhere`,
      );
    return ok(root ? 'another user than root' : 'the one you are');
  },
});
