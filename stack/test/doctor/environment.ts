import path from 'node:path';
import { wellPlace, file, runningAt, here, type Break } from './context';

/** The checkout and the environment. */
export const ENVIRONMENT: readonly Break[] = [
  [
    'RD070',
    'nothing installed',
    'fail',
    'nothing',
    async () => wellPlace({ root: await file('package-lock.json', '{"packages":{}}') }),
  ],
  [
    'RD070',
    'another version installed',
    'fail',
    'jest',
    async () => {
      await file(
        'package-lock.json',
        '{"packages":{"node_modules/jest":{"version":"2.0.0"},"node_modules/fsevents":{"optional":true}}}',
      );
      return wellPlace({
        root: await file(
          'node_modules/.package-lock.json',
          '{"packages":{"node_modules/jest":{"version":"1.0.0"}}}',
        ),
      });
    },
  ],
  [
    'RD071',
    'nothing built',
    'warn',
    'plugins/tracking-panel',
    () => Promise.resolve(wellPlace({ root: here() })),
  ],
  ['RD072', 'no clone', 'warn', 'no clone', () => Promise.resolve(wellPlace({ root: here() }))],
  ['RD072', 'no git', 'warn', 'no "git"', () => Promise.resolve(wellPlace({ env: { PATH: here() } }))],
  [
    'RD080',
    'a variable that nobody reads',
    'warn',
    'RASTREIO_STACKDIR (RASTREIO_STACK_DIR?)',
    () => Promise.resolve(wellPlace({ env: { RASTREIO_STACKDIR: 'x' } })),
  ],
  [
    'RD080',
    'letters swapped',
    'warn',
    'DATABASE_ULR (DATABASE_URL?)',
    () => Promise.resolve(wellPlace({ env: { DATABASE_ULR: 'x' } })),
  ],
  [
    'RD080',
    'a name of ours that never was',
    'warn',
    'RASTREIO_COLOUR',
    () => Promise.resolve(wellPlace({ env: { RASTREIO_COLOUR: 'x' } })),
  ],
  [
    'RD081',
    'an address that is none',
    'fail',
    'DATABASE_URL',
    () => Promise.resolve(wellPlace({ env: { DATABASE_URL: 'localhost:5432' } })),
  ],
  [
    'RD081',
    'brokers without a port',
    'fail',
    'KAFKA_BROKERS',
    () => Promise.resolve(wellPlace({ env: { KAFKA_BROKERS: 'localhost' } })),
  ],
  [
    'RD081',
    'an address that wins over the stack',
    'warn',
    'not on the stack',
    async () => ({ ...(await runningAt({})), env: { KAFKA_BROKERS: 'a:1,b:2' } }),
  ],
  [
    'RD082',
    'a GRAFANA_HOME without Grafana',
    'fail',
    'bin/grafana',
    () => Promise.resolve(wellPlace({ env: { GRAFANA_HOME: here() } })),
  ],
  [
    'RD083',
    'NODE_ENV=production',
    'fail',
    'leaves out',
    () => Promise.resolve(wellPlace({ env: { NODE_ENV: 'production' } })),
  ],
  [
    'RD083',
    'options of others',
    'warn',
    '--inspect',
    () => Promise.resolve(wellPlace({ env: { NODE_OPTIONS: '--inspect' } })),
  ],
  [
    'RD084',
    'downloaded programs elsewhere',
    'warn',
    'not there',
    () => Promise.resolve(wellPlace({ env: { RASTREIO_VENDOR_DIR: path.join(here(), 'x') } })),
  ],
];
