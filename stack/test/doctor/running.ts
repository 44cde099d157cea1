import { answering, deadPort, runningAt, type Break } from './context';

/** A stack that runs. */
export const RUNNING: readonly Break[] = [
  ['RD060', 'a database that is away', 'fail', 'does not answer', () => runningAt({})],
  ['RD061', 'a Kafka that is away', 'fail', 'does not answer', () => runningAt({})],
  [
    'RD062',
    'a consumer that is not ready',
    'fail',
    'consumer: ',
    async () => {
      const metrics = await answering((_request, response) => response.writeHead(503).end('no Kafka'));
      const http = await answering((_request, response) => response.end('{}'));
      return runningAt({ ports: { metrics, http, notices: 1 } });
    },
  ],
  [
    'RD063',
    'an old Grafana',
    'fail',
    '11.6.0, and',
    async () => {
      const port = await answering((_request, response) => response.end('{"version":"11.6.0"}'));
      return runningAt({ grafana: { url: `http://127.0.0.1:${port}`, password: 'x', env: {} } });
    },
  ],
  [
    'RD063',
    'a Grafana without our plugin',
    'fail',
    'does not know',
    async () => {
      const port = await answering(({ url }, response) => {
        if (url === '/api/health') response.end('{"version":"99.0.0"}');
        else response.writeHead(404).end('{}');
      });
      return runningAt({ grafana: { url: `http://127.0.0.1:${port}`, password: 'x', env: {} } });
    },
  ],
  [
    'RD063',
    'a Grafana that is away',
    'fail',
    'does not answer',
    async () =>
      runningAt({ grafana: { url: `http://127.0.0.1:${await deadPort()}`, password: 'x', env: {} } }),
  ],
];
