import { utimes } from 'node:fs/promises';
import { wellPlace, stackFile, listening, type Break } from './context';

/** Ports, proxies, clocks. */
export const NETWORK: readonly Break[] = [
  [
    'RD020',
    'a port that is taken',
    'fail',
    `by node (process ${process.pid})`,
    async () => wellPlace({ ports: { kafka: await listening() } }),
  ],
  [
    'RD020',
    'Prometheus’s port',
    'warn',
    'is taken',
    async () => wellPlace({ ports: { prometheus: await listening() } }),
  ],
  [
    'RD022',
    'a proxy that is no address',
    'fail',
    'HTTPS_PROXY',
    () => Promise.resolve(wellPlace({ env: { HTTPS_PROXY: 'proxy' } })),
  ],
  [
    'RD022',
    'a proxy for this machine too',
    'warn',
    'NO_PROXY',
    () => Promise.resolve(wellPlace({ env: { http_proxy: 'http://proxy:3128' } })),
  ],
  [
    'RD022',
    'a proxy that Node.js uses for this machine',
    'fail',
    'NO_PROXY',
    () =>
      Promise.resolve(
        wellPlace({
          env: { HTTP_PROXY: 'http://proxy:3128', NO_PROXY: 'localhost', NODE_USE_ENV_PROXY: '1' },
        }),
      ),
  ],
  [
    'RD030',
    'a clock that was set back two days',
    'fail',
    'simulator.json',
    async () => {
      const state = await stackFile('simulator.json', '{}');
      const later = new Date(Date.now() + 2 * 86_400_000);
      await utimes(state, later, later);
      return wellPlace();
    },
  ],
  [
    'RD032',
    'a zone that is none',
    'fail',
    'TZ=Brazil/Sampa',
    () => Promise.resolve(wellPlace({ env: { TZ: 'Brazil/Sampa' } })),
  ],
  [
    'RD032',
    'a zone of ours that is none',
    'fail',
    'RASTREIO_TIME_ZONE',
    () => Promise.resolve(wellPlace({ env: { RASTREIO_TIME_ZONE: 'x' } })),
  ],
];
