// Whatever goes wrong, no secret reaches what a process prints, its pages, or a command line (docs/security.md).
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '@rastreio/stack';
import { spawnRastreio } from '@rastreio/testing/command';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { until } from '@rastreio/testing/until';

const ROOT = path.resolve(__dirname, '..');
/** In every secret here; whatever is around it are characters that need care in a URL, in JSON, in a shell. */
const MARK = 'n4o-mostre';
const ODD = `p/ç s"w'%${MARK}@:#?&{}$\\`;
const IN_URL = encodeURIComponent(ODD);
const TOKEN = `tok-${MARK}-0123456789`;
/** As carriers' keys are. */
const KEY = `rst_${TOKEN}`;
const EVENT = JSON.stringify({
  id_pacote: 1,
  origem: 'Natal',
  destino: 'Paraíba',
  status_rastreamento: 'POSTADO',
  data_atualizacao: '2026-01-01T00:00:00Z',
});
/** Nobody listens there. A lower port is one that fetch does not ask at all. */
const CLOSED = '127.0.0.1:1023';
const KAFKA = { KAFKA_BROKERS: CLOSED };
const SASL = {
  ...KAFKA,
  KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
  KAFKA_SASL_MECHANISM: 'PLAIN',
  KAFKA_SASL_USERNAME: 'rastreio',
  KAFKA_SASL_PASSWORD: ODD,
};
const CONSUMER = 'services/consumer/src/main.ts';
const STACK = 'stack/src/main.ts';
const PASSWORDS = {
  RASTREIO_OWNER_PASSWORD: ODD,
  RASTREIO_WRITER_PASSWORD: `${ODD}w`,
  GRAFANA_READER_PASSWORD: `${ODD}r`,
};

let dir: string;
let database: TestDatabase;
const children: ChildProcess[] = [];
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-hidden-'));
  const [server] = MATRIX;
  if (server === undefined) throw new Error('no server');
  database = await freshDatabase(server);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await database.drop();
  await rm(dir, { recursive: true });
});

/**
 * What goes wrong; arguments of rastreio, or another program; settings; what it says then, after which it is ended if it goes on; the
 * other program's arguments.
 */
type Case = readonly [
  what: string,
  run: readonly string[] | typeof CONSUMER | typeof STACK,
  env: Readonly<Record<string, string>>,
  says: RegExp,
  args?: readonly string[],
];

const wrongPassword = () => {
  const url = new URL(database.writerUrl);
  url.password = IN_URL;
  return url.href;
};
const url = (rest: string, password = IN_URL) => `postgresql://rastreio_owner:${password}@${rest}`;
const file = async (name: string, text: string) => {
  await writeFile(path.join(dir, name), text);
  return path.join(dir, name);
};

async function cases(): Promise<readonly Case[]> {
  const keys = await file('keys.yaml', `keys:\n  - carrier: acme\n    sha256: ${KEY}\n`);
  const pem = `-----BEGIN PRIVATE KEY-----\n${TOKEN}\n-----END PRIVATE KEY-----\n`;
  const status = ['db', 'status', '--database-url'];
  const source = { ...KAFKA, METRICS_PORT: '0', HTTP_PORT: '0' };
  const pull = { ...source, PULL_STATE_FILE: path.join(dir, 'cursor.json') };
  const tls = { ...source, KAFKA_SECURITY_PROTOCOL: 'SSL' };
  return [
    ['database away', status.concat(url(`${CLOSED}/x`)), {}, /ECONNREFUSED/],
    ['its password wrong', status.concat(wrongPassword()), {}, /does not take/],
    ['its password not encoded', status.concat(url(`${CLOSED}/x`, ODD)), {}, /no address/],
    [
      'its password in a file',
      status.concat(`postgresql://u@${CLOSED}/x`),
      { PGPASSWORD_FILE: await file('secret', `${ODD}\n`) },
      /ECONNREFUSED/,
    ],
    [
      'roles that may not be made',
      ['db', 'provision', '--no-timescaledb'],
      { ...PASSWORDS, ADMIN_DATABASE_URL: database.readerUrl },
      /denied|read-only/,
    ],
    ['consumer: no address', CONSUMER, { ...source, DATABASE_URL: TOKEN }, /needs postgresql/],
    [
      'consumer: all away',
      CONSUMER,
      { ...source, ...SASL, DATABASE_URL: url(`${CLOSED}/x`) },
      /ECONNREFUSED/,
    ],
    ['consumer: wrong password', CONSUMER, { ...source, DATABASE_URL: wrongPassword() }, /does not take/],
    ['Kafka: a password that is not used', ['http'], { ...source, KAFKA_SASL_PASSWORD: ODD }, /is not used/],
    ['Kafka: a key where its file belongs', ['http'], { ...tls, KAFKA_SSL_KEY: pem }, /hidden/],
    [
      'Kafka: no key in the file',
      ['http'],
      { ...tls, KAFKA_SSL_KEY: await file('key.pem', pem) },
      /KAFKA_SSL/,
    ],
    [
      'Kafka: no token',
      ['http'],
      {
        ...source,
        KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
        KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
        KAFKA_SASL_OAUTHBEARER_CLIENT_ID: 'x',
        KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: ODD,
        KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: `http://u:${IN_URL}@${CLOSED}/t?token=${TOKEN}`,
      },
      /listening|TOKEN_ENDPOINT/,
    ],
    [
      'HTTP: a key where its hash belongs',
      ['http'],
      { ...source, HTTP_AUTH: 'on', API_KEYS_FILE: keys },
      /64 hex/,
    ],
    [
      'HTTP: a key where its file belongs',
      ['http'],
      { ...source, HTTP_AUTH: 'on', API_KEYS_FILE: KEY },
      /ENOENT/,
    ],
    [
      'pull: away',
      ['pull'],
      { ...pull, PULL_URL: `http://${CLOSED}/e?api_key=${TOKEN}`, PULL_API_KEY: TOKEN },
      /ECONNREFUSED/,
    ],
    [
      'pull: a key with a line end',
      ['pull'],
      { ...pull, PULL_URL: `http://${CLOSED}/e`, PULL_API_KEY: `${TOKEN}\nx` },
      /trying again/,
    ],
    [
      'pull: not https',
      ['pull'],
      { ...pull, PULL_URL: `http://h.invalid/e?token=${TOKEN}` },
      /must be https/,
    ],
    [
      'simulator: a key with a line end',
      ['simulate', '--scenario', 'original', '--url', `http://${CLOSED}`],
      { RASTREIO_API_KEY: `${TOKEN}\nx` },
      /trying again/,
    ],
    [
      'Grafana: no address',
      ['grafana', 'apply', '--url', `http://admin:${ODD}@${CLOSED}`],
      {},
      /address|URL/,
    ],
    ['notices: a token for a port', ['notices', '--port', TOKEN], { NOTICES_TOKEN: TOKEN }, /is invalid/],
    ['no command', [url('h/x', ODD)], {}, /unknown command/],
    [
      'npm start: no address',
      STACK,
      {},
      /no address/,
      ['--dir', path.join(dir, 'stack'), '--database-url', `mysql://u:${ODD}@h/d`],
    ],
  ];
}

interface Started {
  readonly child: ChildProcess;
  /** What it has printed so far, on both streams. */
  readonly text: () => string;
  readonly ended: Promise<unknown>;
}

function start([, what, env, , args = []]: Case): Started {
  const child =
    typeof what === 'string'
      ? spawn(process.execPath, [path.join(ROOT, 'scripts/run.mjs'), what, ...args], {
          cwd: ROOT,
          env: { ...process.env, NODE_ENV: 'production', ...env },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
      : spawnRastreio(what, env);
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return { child, text: () => text, ended: new Promise((resolve) => child.once('close', resolve)) };
}

test('no error has a secret in it', async () => {
  const found: string[] = [];
  const left = [...(await cases())];
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [what, , , says] = next;
      const { child, text, ended } = start(next);
      await Promise.race([ended, until(`${what} is told`, () => says.test(text()))]);
      child.kill('SIGKILL');
      await ended;
      if (!says.test(text()) || text().includes(MARK)) found.push(`${what}: ${text()}`);
    }
  };
  await Promise.all([work(), work(), work()]);
  expect(found).toEqual([]);
});

test('no log, page, answer or command line of a running source has a secret in it', async () => {
  const [httpPort = 0, metricsPort = 0] = await freePorts(2);
  const sha256 = createHash('sha256').update(KEY).digest('hex');
  const { child, text, ended } = start([
    'HTTP',
    ['http'],
    {
      ...SASL,
      HTTP_PORT: String(httpPort),
      METRICS_PORT: String(metricsPort),
      API_KEYS_FILE: await file('good.yaml', `keys:\n  - carrier: acme\n    sha256: ${sha256}\n`),
      ACK_TIMEOUT_MS: '100',
    },
    /./,
  ]);
  await until('it listens', () => text().includes('listening'));
  const ask = async (address: string, key?: string) => {
    const response = await fetch(address, {
      ...(key === undefined
        ? {}
        : {
            method: 'POST',
            headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
            body: EVENT,
          }),
    });
    return {
      status: response.status,
      text: `${JSON.stringify([...response.headers])} ${await response.text()}`,
    };
  };
  const at = `http://127.0.0.1:${httpPort}`;
  const answers = await Promise.all([
    ask(`${at}/eventos`, KEY),
    ask(`${at}/eventos`, `${KEY}x`),
    ask(`${at}/eventos?key=${KEY}`),
    ask(`${at}/readyz`),
    ask(`${at}/openapi.json`),
    ask(`http://127.0.0.1:${metricsPort}/readyz`),
    ask(`http://127.0.0.1:${metricsPort}/metrics`),
  ]);
  // The key was taken; Kafka is away.
  expect(answers.map(({ status }) => status)).toEqual([503, 401, 405, 503, 200, 503, 200]);
  const commandLine = await readFile(`/proc/${child.pid ?? 0}/cmdline`, 'utf8');
  expect(commandLine).toContain('http');
  child.kill('SIGKILL');
  await ended;
  expect(text()).toContain('answered');
  for (const told of [...answers.map((answer) => answer.text), commandLine, text()])
    expect(told).not.toContain(MARK);
});
