// A world in a source's words, from the webhook to the tables: through HTTP, Kafka, the consumer and the database.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startHttp } from '@rastreio/producer';
import { DIALECTS, type DialectName } from '@rastreio/simulator';
import { freePorts } from '@rastreio/stack';
import { withClient } from '@rastreio/database';
import { runRastreio } from '@rastreio/testing/command';
import { tableDifferences } from '@rastreio/testing/differences';
import { startDlqHarness, type DlqHarness } from '../../test/dlqHarness';

const PROFILES = path.resolve(__dirname, '../../../config/sources');
const SECRETS = { AFTERSHIP_WEBHOOK_SECRET: 'um segredo', EPCIS_API_KEY: 'uma chave' };
const FAULTS: Readonly<Record<DialectName, string>> = {
  correios: 'dup=.05,late=.1,unknown=.05,conflict=.05,clock=.05,malformed=.02,future=.02,mistake=.1',
  aftership: 'dup=.05,late=.1,unknown=.05,conflict=.05,clock=.05,malformed=.02,naive=.02',
  epcis: 'dup=.05,late=.1,unknown=.05,conflict=.05,clock=.05,malformed=.02,naive=.02,mistake=.1',
};

let dir: string;
beforeAll(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-as-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

describe.each(Object.keys(DIALECTS) as DialectName[])('%s', (name) => {
  let harness: DlqHarness;
  let http: Awaited<ReturnType<typeof startHttp>>;
  let url: string;
  beforeAll(async () => {
    harness = await startDlqHarness();
    const [port = 0, metrics = 0] = await freePorts(2);
    url = `http://127.0.0.1:${port}`;
    http = await startHttp({
      ...{ KAFKA_BROKERS: harness.broker.brokers, HTTP_PORT: String(port), METRICS_PORT: String(metrics) },
      ...{ SOURCE_PROFILES: PROFILES, LOG_LEVEL: 'silent', ...SECRETS },
    });
  });
  afterAll(async () => {
    await http.stop();
    await harness.stop();
  });

  const verify = (file: string) =>
    runRastreio(['verify', file, '--wait', '120'], { DATABASE_URL: harness.database.ownerUrl });

  test('what was told is what the database says, and a difference is found', async () => {
    const truth = path.join(dir, `${name}.ndjson`);
    const ran = await runRastreio(
      [
        ...['simulate', '--as', name, '--url', url, '--seed', '9', '--start', '2026-09-01T00:00:00Z'],
        ...['--parcels', '100', '--faults', FAULTS[name], '--incident', 'duplicated_feed:at=3d,for=2d'],
        ...['--ground-truth', truth],
      ],
      SECRETS,
    );
    expect([ran.stderr, ran.code]).toEqual([expect.any(String), 0]);
    expect(ran.result).toMatchObject({ refused: 0, not_sent: 0 });
    const agreed = await verify(truth);
    expect(agreed.result).toMatchObject({ ok: true, differences: [] });
    expect(agreed.code).toBe(0);
    expect(await withClient(harness.database.ownerUrl, tableDifferences)).toEqual([]);
    const [counts] = await harness.query<{ parcels: number; promised: number; corrected: number }>(`
      SELECT count(*)::int AS parcels, count(prazo_inicial)::int AS promised,
             (SELECT count(*)::int FROM eventos_corrigidos) AS corrected
      FROM pacotes WHERE id_pacote < 0`);
    expect(counts?.parcels).toBeGreaterThan(80);
    expect(counts?.promised).toBe(name === 'epcis' ? 0 : counts?.parcels);
    expect((counts?.corrected ?? 0) > 10).toBe(name !== 'aftership');

    // One event less, and one parcel with another promise than it was told.
    const named = await withClient(harness.database.adminUrl, async (client) => {
      await client.query(`DELETE FROM eventos_rastreamento e WHERE (id_pacote, data_evento) =
        (SELECT id_pacote, max(data_evento) FROM eventos_rastreamento WHERE id_pacote = -1 GROUP BY 1)`);
      await client.query(
        `UPDATE pacotes SET prazo_final = '2030-01-01', data_prazo_final = now() WHERE id_pacote = -2`,
      );
      const { rows } = await client.query<{ nome: string }>(
        `SELECT transportadora || '/' || codigo AS nome FROM codigos WHERE id_pacote IN (-1, -2) ORDER BY id_pacote DESC`,
      );
      return rows.map(({ nome }) => nome);
    });
    const differing = await verify(truth);
    expect(differing.code).toBe(1);
    const { differences } = differing.result as { differences: { what: string }[] };
    const found = differences.map(({ what }) => what);
    expect(found).toContain(`parcel ${named[0]}, eventos`);
    expect(found).toContain(`parcel ${named[1]}, prazo_final`);
  });
});

test.each([
  [['--as', 'correios'], /--as correios needs --url/],
  [['--as', 'epcis', '--out', 'x.csv'], /--as epcis needs --url/],
  [['--as', 'aftership', '--dry-run', '--faults', 'mistake=.1'], /takes no checkpoint back/],
  [['--as', 'correios', '--dry-run', '--faults', 'naive=.1'], /without offset; leave it out/],
  [['--as', 'correios', '--dry-run', '--start', '2018-01-01T00:00:00Z'], /give a later --start/],
  [['--as', 'correios', '--dry-run', '--scenario', 'original'], /its own words/],
  [['--as', 'correios', '--url', 'http://localhost:1/eventos'], /is not where these payloads go/],
  [['--as', 'epcis', '--url', 'http://localhost:1'], /has not set EPCIS_API_KEY/],
  [['--out', 'x.csv', '--coded', '.5'], /--coded is said in our own event format/],
  [['--as', 'epcis', '--dry-run', '--coded', '.5'], /--coded is said in our own event format/],
  [['--scenario', 'original', '--dry-run', '--coded', '.5'], /--coded is said in our own event format/],
  [['--dry-run', '--coded', '2'], /--coded/],
  [['--out', 'x.csv', '--faults', 'mistake=.1'], /leave out the fault mistake/],
])('%j is refused', async (args, message) => {
  const ran = await runRastreio(['simulate', '--count', '5', ...args], { EPCIS_API_KEY: '' });
  expect(ran.stderr).toMatch(message);
  expect(ran.code).toBe(2);
});
