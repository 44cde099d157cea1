// A carrier's API whose answers a source profile reads.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDecoder, createValidator, HEADER_PROBLEM, HEADER_PROFILE } from '@rastreio/contract';
import type { OutgoingMessage } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { loadProfiles, type SourceProfile } from '@rastreio/sources';
import { pull, type PullOptions } from './pull';
import { startPull } from './start';

const PROFILES = path.resolve(__dirname, '../../../../config/sources');
const FIXTURE = path.resolve(__dirname, '../../../../packages/sources/fixtures/correios-sro/rastro.json');
const SECRET = 'uma chave';

let dir: string;
let profile: SourceProfile;
let server: Server;
let url: string;
let messages: OutgoingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  const found = (await loadProfiles(PROFILES)).profiles.get('correios-sro');
  if (found === undefined) throw new Error('there is no profile correios-sro');
  profile = found;
});
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-pull-profile-'));
  messages = [];
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rastro?objetos=todos`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true, force: true });
});

/** Pulls until `done`, then stops. */
async function run(done: () => boolean, more: Partial<PullOptions> = {}) {
  const stop = new AbortController();
  const told: string[] = [];
  const log = createLog('test', 'silent');
  log.warn = (details: object) => void told.push(JSON.stringify(details));
  const published: (readonly [number, number])[] = [];
  const running = pull({
    url,
    apiKey: SECRET,
    stateFile: path.join(dir, 'state.json'),
    intervalMs: 10,
    timeoutMs: 5_000,
    publisher: {
      send: (sent) => {
        messages.push(...sent);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    },
    decode: createDecoder(),
    reader: { profile, validate: createValidator(), toldWords: new Set() },
    log,
    signal: stop.signal,
    metrics: {
      published: (...counts) => void published.push(counts),
      repeated: () => undefined,
      polled: () => undefined,
    },
    backoff: { firstDelayMs: 10, maxDelayMs: 50 },
    ...more,
  });
  const ended = running.then(() => true);
  while (!done() && !(await Promise.race([ended, sleep(10, false)])));
  stop.abort();
  await running;
  return { told, published };
}

test('an answer becomes its events, and is kept once where something of it cannot be read', async () => {
  const payload = await readFile(FIXTURE);
  let asked = 0;
  answer = (_request, response) => {
    asked++;
    response.setHeader('content-type', 'application/json');
    response.end(payload);
  };
  const { told, published } = await run(() => asked >= 4);
  const kept = messages.filter(({ headers }) => headers?.[HEADER_PROFILE] !== undefined);
  expect(kept).toHaveLength(1);
  expect(kept[0]).toMatchObject({
    key: null,
    value: payload,
    headers: {
      [HEADER_PROFILE]: 'correios-sro',
      [HEADER_PROBLEM]: expect.stringContaining('amanhã cedo') as string,
    },
  });
  const events = messages.filter(({ key }) => key !== null);
  expect(events.length % 10).toBe(0);
  expect(new Set(events.map(({ key }) => key))).toEqual(
    new Set(['CORREIOS/QB123456785BR', 'CORREIOS/LB338557001HK']),
  );
  expect(published[0]).toEqual([10, 0]);
  expect(published[1]).toEqual([1, 1]);
  // An unknown word is told once, however often it comes.
  expect(told.filter((line) => line.includes('unknownStatuses'))).toEqual([
    expect.stringContaining('Aguardando pagamento'),
  ]);
});

test('the key goes where the carrier wants it, and into no log and no state', async () => {
  const seen: IncomingMessage[] = [];
  answer = (request, response) => {
    seen.push(request);
    // Takes the address over with all its parameters, as many do.
    const next = new URL(request.url ?? '', url);
    next.searchParams.set('p', String(seen.length));
    response.setHeader('link', `<${next.href}>; rel="next"`);
    response.setHeader('content-type', 'application/json');
    response.end(seen.length % 2 === 0 ? '{"objetos":[{"codObjeto":"AA1BR","mensagem":"?"}]}' : 'nonsense');
  };
  const { told } = await run(() => seen.length >= 4, { keyPlace: { in: 'query', name: 'token' } });
  for (const request of seen.slice(0, 4)) {
    expect(new URL(request.url ?? '', url).searchParams.getAll('token')).toEqual([SECRET]);
    expect(request.headers.authorization).toBeUndefined();
  }
  const state = await readFile(path.join(dir, 'state.json'), 'utf8');
  expect(state).toContain('objetos=todos');
  for (const text of [state, ...told])
    expect(decodeURIComponent(text.replaceAll('+', ' '))).not.toContain(SECRET);
  await run(() => seen.length >= 6, { keyPlace: { in: 'header', name: 'x-chave' } });
  expect(seen.at(-1)?.headers).toMatchObject({ 'x-chave': SECRET });
  expect(seen.at(-1)?.headers.authorization).toBeUndefined();
});

test('a carrier that repeats the address in its error or in a Link that leads nowhere puts the key into no log', async () => {
  let asked = 0;
  answer = (request, response) => {
    asked++;
    const address = new URL(request.url ?? '', url).href;
    if (asked % 2 === 1) return void response.writeHead(500).end(`cannot answer ${address}`);
    response.setHeader('link', `<ftp://other${request.url ?? ''}>; rel="next"`);
    response.end('{"objetos":[]}');
  };
  const { told } = await run(() => asked >= 4, { keyPlace: { in: 'query', name: 'token' } });
  expect(told.some((line) => line.includes('cannot answer') && line.includes('***'))).toBe(true);
  for (const text of told) expect(decodeURIComponent(text.replaceAll('+', ' '))).not.toContain(SECRET);
});

test('an ETag is given back once Kafka has the answer, empty answers are nothing new, and one too large is asked again', async () => {
  const etags: (string | undefined)[] = [];
  answer = (request, response) => {
    etags.push(request.headers['if-none-match']);
    if (etags.length === 1) return void response.end('x'.repeat(900_001));
    if (etags.length === 2) return void response.writeHead(204).end();
    if (request.headers['if-none-match'] === '"a"') return void response.writeHead(304).end();
    response.setHeader('etag', '"a"');
    response.end('{"objetos":[]}');
  };
  const { told } = await run(() => etags.length >= 5);
  expect(etags.slice(0, 5)).toEqual([undefined, undefined, undefined, '"a"', '"a"']);
  expect(told[0]).toContain('longer than 900000 bytes');
  expect(messages).toEqual([]);
});

test.each([
  [{ PULL_PROFILE: 'nenhum' }, /there is no profile "nenhum" in .* that can be used: those are aftership/],
  [{ PULL_KEY_HEADER: 'x-a', PULL_KEY_QUERY: 'a' }, /say two places for the key/],
  [{ PULL_KEY_HEADER: 'x-a' }, /set PULL_API_KEY/],
  [{ PULL_KEY_QUERY: 'a b', PULL_API_KEY: 'x' }, /needs the name of a parameter/],
])('settings %j are refused before anything is asked', async (settings, message) => {
  const env = {
    PULL_URL: 'https://carrier.example/x',
    PULL_STATE_FILE: path.join(dir, 's'),
    LOG_LEVEL: 'silent',
  };
  await expect(
    startPull({ ...env, KAFKA_BROKERS: '127.0.0.1:1', SOURCE_PROFILES: PROFILES, ...settings }),
  ).rejects.toThrow(message);
});
