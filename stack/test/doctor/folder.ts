import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { noteProvider } from '../../src/database/existing';
import { writePidFile } from '../../src/pidFile';
import { loadSecrets } from '../../src/secrets';
import { wellPlace, stackFile, file, here, closeLater, DEAD, type Break } from './context';

/** What a stack keeps in its folder, and what its killed starts leave behind. */
export const FOLDER: readonly Break[] = [
  [
    'RD040',
    'a stack’s folder under a file',
    'fail',
    'no folder',
    async () => wellPlace({ dir: path.join(await file('f', ''), 'f', 'stack') }),
  ],
  [
    'RD041',
    'passwords for everybody',
    'warn',
    '644',
    async () => {
      await mkdir(path.join(here(), 'stack'));
      await loadSecrets(path.join(here(), 'stack'));
      await chmod(path.join(here(), 'stack', 'secrets.json'), 0o644);
      return wellPlace();
    },
  ],
  [
    'RD041',
    'broken passwords',
    'fail',
    'cannot be read',
    async () => (await stackFile('secrets.json', '{"owner":1}'), wellPlace()),
  ],
  [
    'RD042',
    'a lock of a dead start',
    'warn',
    'was killed',
    async () => (await stackFile('lock', DEAD), wellPlace()),
  ],
  [
    'RD042',
    'a lock that is a folder',
    'fail',
    'no file',
    async () => (await mkdir(path.join(here(), 'stack', 'lock'), { recursive: true }), wellPlace()),
  ],
  [
    'RD043',
    'a note that is broken',
    'fail',
    'no JSON',
    async () => (await stackFile('running.json', '{'), wellPlace()),
  ],
  [
    'RD043',
    'a note of a killed stack',
    'warn',
    'killed',
    async () => {
      const note = {
        ...(JSON.parse(DEAD) as object),
        databaseUrl: 'x',
        brokers: 'y',
        grafanaUrl: null,
        alertingEnv: {},
      };
      await stackFile('running.json', JSON.stringify(note));
      return wellPlace();
    },
  ],
  [
    'RD044',
    'a Kafka whose start is gone',
    'warn',
    'kafka (process',
    async () => {
      const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      closeLater(() => left.kill('SIGKILL'));
      await once(left, 'spawn');
      await mkdir(path.join(here(), 'stack', 'run'), { recursive: true });
      writePidFile(path.join(here(), 'stack'), 'kafka', { pid: left.pid ?? 0, stopSignal: 'SIGTERM' });
      return wellPlace();
    },
  ],
  [
    'RD045',
    'a server of a dead test run',
    'warn',
    'java (process 4711)',
    async () => {
      await file('proc/4711/status', 'Name:\tjava\nPPid:\t1\n');
      await symlink(path.join(tmpdir(), 'rastreio-gone', 'kafka'), path.join(here(), 'proc/4711/cwd'));
      return wellPlace({ proc: path.join(here(), 'proc') });
    },
  ],
  [
    'RD051',
    'data whose password is gone',
    'fail',
    'superuser-password is missing',
    async () => {
      await stackFile('database/data/PG_VERSION', '17\n');
      await noteProvider(path.join(here(), 'stack/database/data'), 'embedded');
      return wellPlace();
    },
  ],
  [
    'RD051',
    'two databases',
    'fail',
    'databases of',
    async () => {
      await stackFile('database/data/PG_VERSION', '17\n');
      await stackFile('database/root/data/pg/PG_VERSION', '17\n');
      return wellPlace();
    },
  ],
  [
    'RD051',
    'data of a server that is not here any more',
    'fail',
    'installed, which cannot be started',
    async () => {
      await stackFile('database/data/PG_VERSION', '9\n');
      await noteProvider(path.join(here(), 'stack/database/data'), 'installed');
      return wellPlace();
    },
  ],
];
