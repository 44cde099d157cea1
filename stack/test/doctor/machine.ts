import path from 'node:path';
import { wellPlace, pathWith, file, room, here, type Break } from './context';

/** Tools, disk, memory and processors. */
export const MACHINE: readonly Break[] = [
  [
    'RD001',
    'an old Node.js',
    'fail',
    '20.18.3',
    () => Promise.resolve(wellPlace({ nodeVersion: '20.18.3' })),
  ],
  [
    'RD002',
    'an npm that knows no such lockfile',
    'fail',
    '6.14.18',
    async () => wellPlace({ env: await pathWith({ npm: '6.14.18' }) }),
  ],
  ['RD002', 'no npm', 'fail', 'no "npm"', () => Promise.resolve(wellPlace({ env: { PATH: here() } }))],
  [
    'RD003',
    'an old Java earlier on PATH',
    'fail',
    'is 11',
    async () => wellPlace({ env: await pathWith({ java: 'openjdk version "11.0.2"' }) }),
  ],
  [
    'RD003',
    'a Java of the old numbering',
    'fail',
    'is 8',
    async () => wellPlace({ env: await pathWith({ java: 'java version "1.8.0_392"' }) }),
  ],
  ['RD003', 'no Java', 'fail', 'no "java"', () => Promise.resolve(wellPlace({ env: { PATH: here() } }))],
  [
    'RD004',
    'neither Maven nor packages',
    'fail',
    'no "mvn"',
    () => Promise.resolve(wellPlace({ env: { PATH: here(), RASTREIO_VENDOR_DIR: here() } })),
  ],
  ['RD005', 'no Chromium', 'warn', 'none', () => Promise.resolve(wellPlace({ env: { PATH: here() } }))],
  ['RD010', 'a full disk', 'fail', '1.0 GiB free', () => Promise.resolve(room({ bavail: 2 ** 18 }))],
  [
    'RD010',
    'a disk that is nearly full',
    'warn',
    '4.0 GiB free',
    () => Promise.resolve(room({ bavail: 2 ** 20 })),
  ],
  ['RD011', 'no inodes', 'fail', '17 free inodes', () => Promise.resolve(room({ ffree: 17 }))],
  ['RD012', 'a full temporary folder', 'fail', '100 MiB', () => Promise.resolve(room({ bavail: 25_600 }))],
  [
    'RD012',
    'a temporary folder that is none',
    'fail',
    'no folder',
    async () => wellPlace({ env: { TMPDIR: path.join(await file('f', ''), 'f') } }),
  ],
  [
    'RD013',
    'a small container',
    'fail',
    '512 MiB for this container',
    async () => wellPlace({ cgroup: await file('memory.max', '536870912\n') }),
  ],
  [
    'RD013',
    'a small container of the first kind',
    'fail',
    '1.0 GiB for this container',
    async () => wellPlace({ cgroup: await file('memory/memory.limit_in_bytes', '1073741824\n') }),
  ],
  [
    'RD013',
    'a machine that is used',
    'warn',
    '2.0 GiB available',
    async () => wellPlace({ proc: await file('meminfo', 'MemFree: 1 kB\nMemAvailable:    2097152 kB\n') }),
  ],
  [
    'RD014',
    'half a processor',
    'warn',
    'we get 0.5',
    async () => wellPlace({ cgroup: await file('cpu.max', '50000 100000\n') }),
  ],
  [
    'RD015',
    'few open files',
    'fail',
    '256',
    async () =>
      wellPlace({
        proc: await file(
          'self/limits',
          'Max open files            256                  4096                 files\n',
        ),
      }),
  ],
  [
    'RD015',
    'not many open files',
    'warn',
    '1024',
    async () =>
      wellPlace({
        proc: await file(
          'self/limits',
          'Max open files            1024                 4096                 files\n',
        ),
      }),
  ],
];
