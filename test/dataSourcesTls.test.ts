// What provisioning/datasources says of TLS, from the URL given to npm start to the preview's connections.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withClient } from '@rastreio/database';
import { createAuthority } from '@rastreio/testing/certificates';
import { startSecuredDatabase, type SecuredDatabase } from '@rastreio/testing/securedDatabase';
import { readDataSources } from '../services/preview/src/dataSources';
import { createQueryRunner } from '../services/preview/src/query';
import { queryRequestSchema } from '../services/preview/src/queryRequest';
import { provisioningEnv } from '../stack/src/services';

const ROOT = path.resolve(__dirname, '..');
const PASSWORD = 'segredo-escondido';
const SECRETS = { owner: '', writer: '', reader: PASSWORD, grafanaAdmin: '' };
const [ca, other] = [createAuthority('nossa CA'), createAuthority('outra CA')];

let dir: string;
let database: SecuredDatabase;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-sources-'));
  await writeFile(path.join(dir, 'ca.pem'), ca.cert);
  await writeFile(path.join(dir, 'other.pem'), other.cert);
  database = await startSecuredDatabase({
    certificate: ca.issue({ name: 'localhost', hosts: ['localhost'] }),
    clientCa: ca.cert,
    hba: [
      'host all postgres 127.0.0.1/32 scram-sha-256',
      'hostssl all grafana_reader 127.0.0.1/32 scram-sha-256',
    ],
  });
  await withClient(database.adminUrl, async (client) => {
    await client.query(`CREATE ROLE grafana_reader LOGIN PASSWORD '${PASSWORD}'`);
    await client.query('CREATE DATABASE rastreio');
    await client.query('CREATE DATABASE rastreio_lote');
  });
});
afterAll(async () => {
  await database.remove();
  await rm(dir, { recursive: true });
});

const envOf = (query: string) =>
  provisioningEnv(
    {
      host: 'localhost',
      port: database.port,
      adminUrl: `postgresql://postgres@localhost:${database.port}/postgres?${query}`,
    },
    '',
    SECRETS,
  );

async function ask(query: string) {
  const runner = createQueryRunner(await readDataSources(ROOT, envOf(query)), {
    rows: 10,
    points: 10,
    bytes: 1000,
  });
  try {
    const queries = ['rastreio-timescaledb', 'rastreio-lote'].map((uid, i) => ({
      refId: `Q${i}`,
      datasource: { uid },
      rawSql: 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    }));
    return Object.values(await runner.run(queryRequestSchema.parse({ from: '0', to: '1', queries })));
  } finally {
    await runner.close();
  }
}

test('the data sources speak TLS as the URL says, and check who answers', async () => {
  for (const answer of await ask(`sslmode=verify-full&sslrootcert=${dir}/ca.pem`)) {
    expect(answer.error).toBeUndefined();
    expect(answer.frames[0]?.data.values).toEqual([[true]]);
  }
  for (const { error } of await ask(`sslmode=verify-full&sslrootcert=${dir}/other.pem`))
    expect(error).toBeDefined();
  for (const { error } of await ask('sslmode=disable')) expect(error).toBeDefined();
});

test('files that are no use are named', async () => {
  await expect(ask('sslmode=verify-full&sslrootcert=/none.pem')).rejects.toMatchObject({
    exitCode: 78,
    message: expect.stringContaining('sslRootCertFile=/none.pem: there is no such file') as string,
  });
});

test('without a word of TLS there is none, and paths are those of where npm start was called', () => {
  expect(envOf('')).toMatchObject({
    TIMESCALE_SSLMODE: 'disable',
    TIMESCALE_SSL_CA: '',
    LOTE_SSLMODE: 'disable',
  });
  expect(envOf('sslmode=verify-ca&sslrootcert=ca.pem&sslcert=c.pem&sslkey=k.pem')).toMatchObject({
    TIMESCALE_SSLMODE: 'verify-ca',
    TIMESCALE_SSL_CA: path.resolve('ca.pem'),
    LOTE_SSL_CERT: path.resolve('c.pem'),
    LOTE_SSL_KEY: path.resolve('k.pem'),
  });
});
