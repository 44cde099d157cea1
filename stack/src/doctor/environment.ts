import { existsSync } from 'node:fs';
import path from 'node:path';
import { findGrafana } from '../grafana/find';
import { check, fail, ok, warn } from './types';
import { variablesOf } from './variables';

export const names = check({
  code: 'RD080',
  title: 'Names of variables',
  wants: 'no variable whose name begins with `RASTREIO_` or is nearly one of ours: nothing would read it',
  remedy: 'correct the name, or unset it',
  gather: async ({ env, root }) => ({
    set: Object.keys(env).filter((name) => (env[name] ?? '') !== ''),
    known: await variablesOf(root),
  }),
  judge: ({ set, known }) => {
    const unknown = set
      // Of a password, a file may be named instead.
      .filter((name) => !known.has(name) && !known.has(name.replace(/_FILE$/, '')))
      .map((name) => ({ name, meant: [...known].find((right) => isNear(name, right)) }))
      .filter(({ name, meant }) => name.startsWith('RASTREIO_') || meant !== undefined);
    if (unknown.length === 0) return ok('none unknown');
    return warn(
      unknown.map(({ name, meant }) => (meant === undefined ? name : `${name} (${meant}?)`)).join(', '),
    );
  },
});

export const addresses = check({
  code: 'RD081',
  title: 'Addresses in variables',
  wants:
    '`DATABASE_URL` and `KAFKA_BROKERS` unset where a stack runs here, since they win over it; else well-formed',
  remedy: 'unset DATABASE_URL KAFKA_BROKERS GRAFANA_URL, or mean it: commands then work there',
  gather: async ({ env, running }) => ({
    set: ['DATABASE_URL', 'ADMIN_DATABASE_URL', 'KAFKA_BROKERS', 'GRAFANA_URL'].flatMap((name) => {
      const value = env[name];
      return value === undefined || value === '' ? [] : [{ name, value }];
    }),
    stack: (await running()) !== null,
  }),
  judge: ({ set, stack }) => {
    if (set.length === 0) return ok('none set');
    const wrong = set.filter(({ name, value }) => !isAddress(name, value)).map(({ name }) => name);
    if (wrong.length > 0)
      return fail(
        `${wrong.join(', ')}: no address`,
        'write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, HOST:PORT[,HOST:PORT], http://HOST:PORT',
      );
    const seen = set.map(({ name }) => name).join(', ');
    return stack
      ? warn(`${seen} set: commands work there, not on the stack that runs here`)
      : ok(`${seen} set`);
  },
});

export const grafanaHome = check({
  code: 'RD082',
  title: 'GRAFANA_HOME',
  wants: 'unset, or a folder with bin/grafana',
  remedy: 'give Grafana’s home folder, or unset it',
  gather: ({ env }) =>
    findGrafana(env.GRAFANA_HOME).then(
      (found) => ({ set: (env.GRAFANA_HOME ?? '') !== '', home: found?.home, problem: undefined }),
      (error: Error) => ({ set: true, home: undefined, problem: error.message }),
    ),
  judge: ({ set, home, problem }) => {
    if (problem !== undefined) return fail(problem);
    if (home !== undefined) return ok(home);
    return ok(set ? 'set' : 'none here: npm start downloads it, or shows the preview');
  },
});

export const nodeSettings = check({
  code: 'RD083',
  title: 'Settings of Node.js and npm',
  wants:
    '`NODE_ENV` is not `production`, with which npm leaves out what builds and tests need; no `NODE_OPTIONS` of others',
  remedy: 'unset NODE_ENV NODE_OPTIONS NPM_CONFIG_OMIT',
  gather: ({ env }) =>
    Promise.resolve({
      production:
        env.NODE_ENV === 'production' || /\bdev\b/.test(env.NPM_CONFIG_OMIT ?? env.npm_config_omit ?? ''),
      options: env.NODE_OPTIONS ?? '',
    }),
  judge: ({ production, options }) => {
    if (production) return fail('npm leaves out what is needed for development');
    return options === '' ? ok('none') : warn(`NODE_OPTIONS=${options}`);
  },
});

export const vendor = check({
  code: 'RD084',
  title: 'Downloaded programs',
  wants: '`RASTREIO_VENDOR_DIR`, where it is set, is a folder',
  remedy: 'name a folder that is there, or unset it: .stack/vendor is used then',
  gather: ({ env }) => {
    const set = env.RASTREIO_VENDOR_DIR;
    const folder = set === undefined || set === '' ? undefined : path.resolve(set);
    return Promise.resolve({ folder, there: folder !== undefined && existsSync(folder) });
  },
  judge: ({ folder, there }) => {
    if (folder === undefined) return ok('.stack/vendor');
    return there ? ok(folder) : warn(`${folder} is not there: everything is fetched anew`);
  },
});

function isAddress(name: string, value: string): boolean {
  if (name === 'KAFKA_BROKERS') return value.split(',').every((part) => /^\s*[^\s:/]+:\d+\s*$/.test(part));
  const protocol = URL.canParse(value) ? new URL(value).protocol : '';
  return name === 'GRAFANA_URL' ? /^https?:$/.test(protocol) : /^postgres(ql)?:$/.test(protocol);
}

/** Whether a letter was added to one of ours, left out, changed, or swapped with the next. Names of one word are near to everything. */
function isNear(a: string, b: string): boolean {
  if (a === b || !b.includes('_') || Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  const swapped = restA.length > 1 && restA[0] === restB[1] && restA[1] === restB[0];
  return (
    restA.slice(1) === restB.slice(1) ||
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    (swapped && restA.slice(2) === restB.slice(2))
  );
}
