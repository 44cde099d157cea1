import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { createPreviewServer } from './server';

let dir: string;
let app: FastifyInstance;
let port: number;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'rastreio-preview-'));
  const [webDir, plugin] = [path.join(dir, 'web'), path.join(dir, 'plugins/tracking-panel/dist')];
  for (const folder of [webDir, plugin]) mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(webDir, 'index.html'), '<!doctype html>the page');
  writeFileSync(path.join(dir, 'secrets.json'), 'n4o-mostre');
  app = createPreviewServer({
    home: dir,
    webDir,
    dashboardDirs: [],
    sources: [],
    runner: {
      run: () => Promise.resolve({}),
      notReady: () => Promise.resolve(null),
      close: () => Promise.resolve(),
    },
    metrics: new Registry(),
    hosts: ['localhost'],
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = app.server.address() as AddressInfo);
});
afterAll(async () => {
  await app.close();
  rmSync(dir, { recursive: true });
});

/** As the path stands here: fetch would tidy it up. */
function ask(address: string, host = 'localhost'): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: address, headers: { host } }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, body }));
    });
    asked.on('error', reject).end();
  });
}

test.each(['/app/', '/public/plugins/rastreio-tracking-panel/'])(
  'no file beside those of %s',
  async (prefix) => {
    const ways = [
      '../',
      '../../',
      '../../../',
      '%2e%2e/',
      '%2e%2e%2f',
      '..%2f..%2f',
      '..\\',
      '..%5c',
      '....//',
      '/',
    ];
    for (const way of ways) {
      const { status, body } = await ask(`${prefix}${way}secrets.json`);
      expect([way, status === 200, body.includes('n4o-mostre')]).toEqual([way, false, false]);
    }
  },
);

test('the page is served by this machine’s names only, and in no frame', async () => {
  expect((await ask('/d/torre')).body).toContain('the page');
  expect((await ask('/d/torre', 'evil.example')).status).toBe(403);
  const { headers } = await fetch(`http://localhost:${port}/d/torre`);
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});
