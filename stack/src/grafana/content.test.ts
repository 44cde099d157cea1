import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ApplyOptions, ApplyResult } from '@rastreio/grafana';
import { parse } from 'yaml';
import { bringContent, type ContentOptions } from './content';

const NOTHING: ApplyResult = { created: [], updated: [], removed: [], unchanged: 3, kept: [], dryRun: false };
const OF_FILES = {
  '/api/v1/provisioning/alert-rules': [
    { uid: 'rastreio-silencio', provenance: 'file' },
    { uid: 'of-somebody' },
    { uid: 'of-a-tool', provenance: 'api' },
  ],
  '/api/v1/provisioning/contact-points': [
    { uid: 'rastreio-webhook', name: 'w', provenance: 'file' },
    { uid: '' },
  ],
  '/api/v1/provisioning/policies': { receiver: 'w', provenance: 'file' },
  '/api/v1/provisioning/mute-timings': [{ name: 'noite', provenance: 'file' }],
};
const EDITABLE = {
  '/api/v1/provisioning/alert-rules': [{ uid: 'rastreio-silencio' }],
  '/api/v1/provisioning/contact-points': [{ uid: 'rastreio-webhook' }],
  '/api/v1/provisioning/policies': { receiver: 'w' },
  '/api/v1/provisioning/mute-timings': [{ name: 'noite' }],
};

/** What Grafana answers, by path; what it was asked to change; what its alerting folder held when it was told to read it. */
let answers: Record<string, unknown>;
let writes: [string, unknown][];
let read: unknown;
let server: Server;
let dir: string;
let options: ContentOptions;
let notes: string[];
let applied: ApplyOptions[];
/** How many requests are answered with 500 from now on. */
let failing: number;

const memory = () => JSON.parse(readFileSync(options.memoryFile, 'utf8')) as unknown;
const bring = (more: Partial<ContentOptions> = {}, result: ApplyResult | Error = NOTHING) =>
  bringContent({ ...options, ...more }, (given) => {
    applied.push(given);
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  });

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-content-'));
  for (const folder of ['alerting', 'dashboards']) await mkdir(path.join(dir, folder));
  await writeFile(path.join(dir, 'dashboards', 'torre.json'), '{"uid":"torre"}');
  answers = {
    '/api/org': { id: 1 },
    '/api/org/preferences': {},
    '/api/dashboards/uid/torre': { meta: { provisionedExternalId: '' } },
    '/api/folders': [],
    '/api/v1/provisioning/templates': null,
    ...EDITABLE,
  };
  [writes, read, notes, applied, failing] = [[], undefined, [], [], 0];
  server = createServer((request, response) => {
    // Of the query only what tells one folder from another.
    const url = (request.url ?? '').replace(/\?.*?(folderUIDs=\w+)?$/, (_all, folder?: string) =>
      folder === undefined ? '' : `?${folder}`,
    );
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const known = request.headers.authorization === `Basic ${Buffer.from('admin:ours').toString('base64')}`;
      if (failing-- > 0) return void response.writeHead(500).end('{"message":"database is locked"}');
      if (!known) return void response.writeHead(401).end('{}');
      if (request.method !== 'GET') {
        writes.push([`${request.method} ${url}`, body === '' ? undefined : JSON.parse(body)]);
        const orders = path.join(dir, 'alerting', 'release.yaml');
        if (url.endsWith('/reload')) read = parse(readFileSync(orders, 'utf8'));
        return void response.end('{}');
      }
      const answer = answers[url];
      response
        .writeHead(answer === undefined ? 404 : 200)
        .end(JSON.stringify(answer === undefined ? {} : answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  options = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    password: 'ours',
    content: 'editable',
    root: dir,
    alertingFolder: path.join(dir, 'alerting'),
    memoryFile: path.join(dir, 'memory'),
    env: { ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/' },
    signIn: 'the password is in secrets.json',
    note: (text) => notes.push(text),
  };
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true, force: true });
});

test('an earlier version’s alerting is taken away by a file that is there only while it is read', async () => {
  Object.assign(answers, OF_FILES);
  await bring();
  expect(read).toEqual({
    apiVersion: 1,
    deleteRules: [{ orgId: 1, uid: 'rastreio-silencio' }],
    resetPolicies: [1],
    deleteContactPoints: [{ orgId: 1, uid: 'rastreio-webhook' }],
    deleteTemplates: [],
    deleteMuteTimes: [{ orgId: 1, name: 'noite' }],
  });
  expect(existsSync(path.join(dir, 'alerting', 'release.yaml'))).toBe(false);
  expect(notes).toEqual([expect.stringMatching(/^4 alerting resources came from files/)]);
  expect(applied.map(({ force }) => force)).toEqual([true]);
});

test('dashboards of its folder come into ours, and it goes when nothing is left in it', async () => {
  answers['/api/folders'] = [
    { uid: 'old', title: 'Rastreio' },
    { uid: 'used', title: 'Rastreio' },
    { uid: 'other', title: 'Another' },
  ];
  answers['/api/search?folderUIDs=old'] = [{ uid: 'torre' }];
  answers['/api/search?folderUIDs=used'] = [];
  answers['/api/dashboards/uid/torre'] = { dashboard: { uid: 'torre', version: 3 }, meta: {} };
  answers['/api/folders/old/counts'] = { alertrule: 0, dashboard: 0 };
  answers['/api/folders/used/counts'] = { alertrule: 1, dashboard: 0 };
  await bring();
  expect(writes.slice(0, 3)).toEqual([
    ['POST /api/folders', { uid: 'rastreio', title: 'Rastreio' }],
    [
      'POST /api/dashboards/db',
      { dashboard: { uid: 'torre', version: 3 }, folderUid: 'rastreio', message: 'npm start' },
    ],
    ['DELETE /api/folders/old', undefined],
  ]);
  expect(writes.map(([what]) => what)).not.toContain('DELETE /api/folders/used');
});

test('a second start keeps what was edited on the screen, and says how to bring it into git', async () => {
  await bring();
  const kept = [
    {
      unit: { kind: 'dashboard' as const, key: 'torre' },
      title: { title: 'Minha torre' },
      reason: 'edited' as const,
      differences: [],
    },
    {
      unit: { kind: 'rule' as const, key: 'rastreio-silencio' },
      title: {},
      reason: 'deleted' as const,
      differences: [],
    },
  ];
  await bring({}, { ...NOTHING, kept });
  expect(applied.map(({ force }) => force)).toEqual([true, false]);
  expect(read).toBeUndefined();
  expect(notes).toEqual([
    'kept as edited on the screen: dashboard "Minha torre" (torre)',
    'kept as deleted on the screen: regra "rastreio-silencio"',
    expect.stringMatching(/npm run grafana:pull -- --url http.*the password is in secrets\.json.*--force/),
  ]);
});

test('a first time that fails is a first time again', async () => {
  await expect(bring({}, new Error('broken on purpose'))).rejects.toThrow('broken on purpose');
  await bring();
  expect(applied.map(({ force }) => force)).toEqual([true, true]);
});

test('read-only content is Grafana’s own matter; coming back from it, the files win once', async () => {
  await bring();
  await bring({ content: 'read-only' });
  expect(applied).toHaveLength(1);
  expect(memory()).toEqual({ content: 'read-only', home: 'torre' });
  await bring();
  await bring();
  expect(applied.map(({ force }) => force)).toEqual([true, true, false]);
});

test('applying waits until Grafana has let go of dashboards that came from files', async () => {
  answers['/api/dashboards/uid/torre'] = { meta: { provisionedExternalId: 'torre.json' } };
  const done = bring();
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(applied).toHaveLength(0);
  answers['/api/dashboards/uid/torre'] = { meta: { provisionedExternalId: '' } };
  await done;
  expect(applied).toHaveLength(1);
});

describe('the home page', () => {
  const chosen = () =>
    writes.filter(([what]) => what === 'PATCH /api/org/preferences').map(([, body]) => body);

  test('is the tower', async () => {
    await bring();
    expect(chosen()).toEqual([{ homeDashboardUID: 'torre' }]);
    answers['/api/org/preferences'] = { homeDashboardUID: 'torre' };
    await bring();
    expect(chosen()).toHaveLength(1);
  });

  test('that somebody chose stays', async () => {
    answers['/api/org/preferences'] = { homeDashboardUID: 'mine' };
    answers['/api/dashboards/uid/mine'] = {};
    await bring();
    expect(chosen()).toEqual([]);
  });

  test('moves on from the one we chose before, and from one that is gone', async () => {
    await writeFile(options.memoryFile, '{"content":"editable","home":"entregas-tempo-real"}');
    answers['/api/org/preferences'] = { homeDashboardUID: 'entregas-tempo-real' };
    answers['/api/dashboards/uid/entregas-tempo-real'] = {};
    await bring();
    answers['/api/org/preferences'] = { homeDashboardUID: 'gone' };
    await bring();
    expect(chosen()).toEqual([{ homeDashboardUID: 'torre' }, { homeDashboardUID: 'torre' }]);
  });
});

test('a Grafana whose database is locked while it starts is asked again', async () => {
  failing = 2;
  await bring();
  expect(applied).toHaveLength(1);
});

test('where somebody changed the admin’s password, that is told and nothing is done', async () => {
  await bring({ password: 'old' });
  expect(notes).toEqual([expect.stringMatching(/another password than ours/)]);
  expect([applied, writes]).toEqual([[], []]);
  await expect(readFile(options.memoryFile)).rejects.toThrow(/ENOENT/);
});
