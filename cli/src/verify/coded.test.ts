// Shows G11, G12 of docs/guarantees.md, for a world that names parcels in every way.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDecoder } from '@rastreio/contract';
import { withClient, type ReceivedEvent } from '@rastreio/database';
import {
  DAY_MS,
  GroundTruth,
  JSON_FORMAT,
  NO_FAULTS,
  withFaults,
  withTrackingNumbers,
  worldEvents,
  writeTruth,
} from '@rastreio/simulator';
import { again } from '@rastreio/testing/again';
import { makeBed, type Bed } from '@rastreio/testing/bed';
import { tableDifferences } from '@rastreio/testing/differences';
import { MATRIX } from '@rastreio/testing/servers';
import { verify } from './verify';

const START = Date.parse('2026-09-01T00:00:00Z');
const SEED = 12;
const RATES = { ...NO_FAULTS, dup: 0.1, late: 0.1, unknown: 0.05, conflict: 0.05, mistake: 0.1 };
const world = { seed: SEED, startMs: START, postingIntervalMs: 600_000, maxParcels: 300, incidents: [] };
const messages = [...withTrackingNumbers(withFaults(worldEvents(world), RATES, SEED), 0.7, SEED)];
const BATCH = 97;

let dir: string;
let file: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-coded-'));
  file = path.join(dir, 'truth.ndjson');
  const truth = new GroundTruth();
  for (const message of messages) truth.add(message, JSON_FORMAT.text(message), message.rejection);
  await writeTruth(file, truth, { seed: SEED });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function received(): ReceivedEvent[] {
  const decode = createDecoder({ now: () => START + 365 * DAY_MS, maxFutureSkewMs: DAY_MS });
  return messages.map((message) => {
    const result = decode(Buffer.from(JSON_FORMAT.text(message)));
    if (!result.ok) throw new Error(JSON.stringify(result.rejections));
    return { ...result.event, recebido_em: Date.UTC(2026, 10, 1) };
  });
}

describe.each(MATRIX)('$name', (server) => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await makeBed(server, 4);
    const events = received();
    const batches = Array.from({ length: Math.ceil(events.length / BATCH) }, (_, i) =>
      events.slice(i * BATCH, (i + 1) * BATCH),
    );
    // Side by side, so that numbers are given, said and joined by writers beside each other; then all of it backwards.
    const left = [...batches, ...batches.toReversed()];
    const writeOn = async () => {
      for (let batch = left.shift(); batch !== undefined; batch = left.shift()) {
        const mine = batch;
        await again(() => bed.write(mine));
      }
    };
    await Promise.all([writeOn(), writeOn(), writeOn(), writeOn()]);
  }, 120_000);
  afterAll(() => bed.close());
  const run = () => verify({ file, databaseUrl: bed.database.ownerUrl, waitMs: 0, ignoreOthers: false });

  test('state, events, names and figures are as they were told, whoever wrote first', async () => {
    expect(await run()).toMatchObject({
      ...{ ok: true, differences: [], lost: 0, duplicated: 0, wrongStates: 0 },
      parcels: { compared: 300, wrongNames: 0 },
    });
    expect(await tableDifferences(bed.owner)).toEqual([]);
    const { rows } = await bed.owner.query<Record<string, number>>(`
      SELECT count(*) FILTER (WHERE id_pacote < 0)::int AS given, count(*) FILTER (WHERE id_pacote > 0)::int AS said,
             (SELECT count(*)::int FROM numeros_juntados) AS joined, (SELECT count(*)::int FROM eventos_corrigidos) AS undone
      FROM codigos`);
    expect(rows[0]?.given).toBeGreaterThan(100);
    expect(rows[0]?.said).toBeGreaterThan(15);
    expect(rows[0]?.joined).toBeGreaterThan(0);
    expect(rows[0]?.undone).toBe(messages.filter(({ kind }) => kind === 'mistake').length);
  });

  const SAVED = ['eventos_rastreamento', 'codigos'];

  /** Tampers, verifies and puts everything back, so that each case stands alone; triggers off. */
  async function after(sql: string): ReturnType<typeof run> {
    return withClient(bed.database.adminUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      for (const table of [...SAVED, 'pacotes'])
        await client.query(`CREATE TEMP TABLE s_${table} AS TABLE ${table}`);
      try {
        await client.query(sql);
        return await run();
      } finally {
        for (const table of SAVED)
          await client.query(`DELETE FROM ${table}; INSERT INTO ${table} TABLE pg_temp.s_${table}`);
        await client.query(
          'UPDATE pacotes p SET status_atual = s.status_atual FROM s_pacotes s WHERE s.id_pacote = p.id_pacote',
        );
      }
    });
  }
  const given = (n: number) =>
    `(SELECT id_pacote FROM codigos WHERE id_pacote < 0 ORDER BY codigo OFFSET ${n} LIMIT 1)`;
  const said = '(SELECT id_pacote FROM codigos WHERE id_pacote > 0 ORDER BY codigo LIMIT 1)';

  test.each([
    ['a given number whose tracking number is gone', 1, `DELETE FROM codigos WHERE id_pacote = ${given(0)}`],
    ['a tracking number that is not bound any more', 1, `DELETE FROM codigos WHERE id_pacote = ${said}`],
    [
      'a tracking number too many for a number',
      1,
      `INSERT INTO codigos (transportadora, codigo, id_pacote) VALUES ('OUTRA', 'X1', ${said})`,
    ],
    [
      'events that stayed with a number of their own',
      1,
      `UPDATE eventos_rastreamento SET id_pacote = -1000000 WHERE id_pacote = ${said}`,
    ],
    [
      'another state of a coded parcel',
      0,
      `UPDATE pacotes SET status_atual = 'X' WHERE id_pacote = ${given(1)}`,
    ],
    [
      'an event taken back that counts again',
      0,
      `INSERT INTO eventos_rastreamento (id_pacote, data_evento, status_rastreamento)
       SELECT id_pacote, data_evento, status_rastreamento FROM eventos_corrigidos ORDER BY 1, 2, 3 LIMIT 1`,
    ],
    [
      'two parcels under one number',
      0,
      `UPDATE eventos_rastreamento SET id_pacote = ${given(2)} WHERE id_pacote = ${given(3)}`,
    ],
  ])('%s is found', async (_what, wrongNames, sql) => {
    const result = await after(sql);
    expect(result.ok).toBe(false);
    expect(result.differences.length).toBeGreaterThan(0);
    expect(result.parcels.wrongNames).toBe(wrongNames);
    expect(await run()).toMatchObject({ ok: true });
  });
});

test.each(MATRIX)(
  'on $name events that were stored under both numbers of their parcel before these were joined are accounted for',
  async (server) => {
    const bed = await makeBed(server);
    try {
      const named = ({ id_pacote, codigo }: ReceivedEvent) =>
        codigo === undefined ? 0 : id_pacote === undefined ? 1 : 2;
      // By the number first, then by the tracking number, and what says both comes last.
      const events = received().sort((a, b) => named(a) - named(b));
      for (let at = 0; at < events.length; at += BATCH) await bed.write(events.slice(at, at + BATCH));
      const { rows } = await bed.owner.query<{ n: number }>('SELECT fora_da_conta::int AS n FROM retencao');
      expect(rows[0]?.n).toBeGreaterThan(0);
      const verified = await verify({
        ...{ file, databaseUrl: bed.database.ownerUrl, waitMs: 0, ignoreOthers: false },
      });
      expect(verified).toMatchObject({ ok: true, differences: [] });
    } finally {
      await bed.close();
    }
  },
  120_000,
);
