import { request } from 'node:http';
import { Counter, Registry } from 'prom-client';
import { hostsOf } from './otherSites';
import { startOpsServer } from './opsServer';

async function statusOf(port: number, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/metrics', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject).end();
  });
}

test('on loopback /metrics is read by this machine’s names only, and by no script of another site', async () => {
  const metrics = new Registry();
  new Counter({ name: 'x', help: 'x', registers: [metrics] }).inc();
  const app = await startOpsServer({ host: '127.0.0.1', port: 0 }, { notReady: () => null }, metrics);
  const { port } = app.server.address() as { port: number };
  const ask = (headers: Record<string, string>) => statusOf(port, headers);
  expect([
    await ask({}),
    await ask({ host: `localhost:${port}` }),
    await ask({ host: '[::1]' }),
    await ask({ host: 'evil.example' }),
    await ask({ host: 'localhost.evil.example' }),
    await ask({ host: 'localhost', origin: 'http://evil.example' }),
  ]).toEqual([200, 200, 200, 403, 403, 403]);
  await app.close();
});

test('an address that others reach is asked for by any name', () => {
  expect([hostsOf('0.0.0.0'), hostsOf('10.0.0.5'), hostsOf('::')]).toEqual([undefined, undefined, undefined]);
  expect(hostsOf('127.0.0.2')).toEqual(['localhost', '127.0.0.1', '[::1]', '127.0.0.2']);
});
