import { createWriterPool, withPoolClient, writeBatch, type PlainReceived } from '@rastreio/database';
import type { Incident, IncidentKind } from '@rastreio/simulator';
import { Client } from 'pg';
import { MATRIX, type TestServer } from '@rastreio/testing/servers';
import { simulatedEvents } from '../support/simulatedEvents';
import { databaseWithOwnTime, travelTo } from './timeTravel';
import { expectedTower, type TowerNumbers } from './expectedTower';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Monday at midnight where the operator works. */
const START = Date.UTC(2026, 5, 1, 3);
/** A Wednesday afternoon six weeks later, and the one after it. */
const NOW = START + 44 * DAY_MS + 15 * HOUR_MS;
const NEXT_WEEK = NOW + 7 * DAY_MS;
const PARCELS = 8_000;
/** What all but one or two of a hundred deliveries keep, as of a world whose delays the tower need not tell of. */
const PROMISE_DAYS = 14;
/** The lists that color a tile, without the one in which a normal day has nobody. */
const COLORED = ['prometidos_hoje', 'atrasados_parados', 'tentativa_falhou', 'quebras_amanha'] as const;
const BATCH = 20_000;

function incident(kind: IncidentKind, hub: string | null, hoursBefore: number): Incident {
  return { kind, hub, fromMs: NOW - hoursBefore * HOUR_MS, toMs: NEXT_WEEK + DAY_MS, share: 1 };
}

function* worldUntil(endMs: number, incidents: readonly Incident[] = []): Generator<PlainReceived> {
  const world = simulatedEvents({
    seed: 7,
    startMs: START,
    endMs: NEXT_WEEK,
    parcels: PARCELS,
    incidents,
  });
  for (const { atMs, ...event } of world) {
    if (atMs > endMs) return;
    yield event;
  }
}

/** The numbers, and from which on each is critical. */
interface Tower {
  readonly numbers: TowerNumbers;
  readonly critical: Readonly<Record<(typeof COLORED)[number], number>>;
}

/** What the view says of a world at its end. */
async function towerOf(server: TestServer, events: Iterable<PlainReceived>, nowMs: number): Promise<Tower> {
  const database = await databaseWithOwnTime(server);
  const pool = createWriterPool({ databaseUrl: database.writerUrl, connections: 1, applicationName: 'test' });
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  try {
    await owner.query('UPDATE prazos SET prazo = make_interval(days => $1)', [PROMISE_DAYS]);
    await travelTo(owner, nowMs);
    const all = [...events];
    for (let i = 0; i < all.length; i += BATCH)
      await withPoolClient(pool, (client) =>
        writeBatch(client, { topic: 't', partition: 0, events: all.slice(i, i + BATCH), rejected: [] }),
      );
    const { rows } = await owner.query<Record<string, string>>(
      `SELECT prometidos_hoje, atrasados_parados, esquecidos, tentativa_falhou, quebras_amanha, quebras_amanha_sem_estimativa,
              ${COLORED.map((list) => `${list}_critico`).join(', ')} FROM torre`,
    );
    const [row = {}] = rows;
    const isLimit = (name: string) => name.endsWith('_critico');
    const numbers = Object.entries(row).map(([name, value]) => [name, Number(value)] as const);
    return {
      numbers: Object.fromEntries(numbers.filter(([name]) => !isLimit(name))) as unknown as TowerNumbers,
      critical: Object.fromEntries(
        numbers
          .filter(([name]) => isLimit(name))
          .map(([name, value]) => [name.replace(/_critico$/, ''), value]),
      ) as Tower['critical'],
    };
  } finally {
    await owner.end();
    await pool.end();
    await database.drop();
  }
}

describe.each(MATRIX)('on $name', (server) => {
  let normal: Tower;
  let nextWeek: Tower;
  beforeAll(async () => {
    normal = await towerOf(server, worldUntil(NOW), NOW);
    nextWeek = await towerOf(server, worldUntil(NEXT_WEEK), NEXT_WEEK);
  });

  // Some parcels are always late or were not met; what somebody has to act on is more than that.
  test('a normal day brings no number to its critical limit, and leaves nobody forgotten', () => {
    for (const [{ numbers, critical }, nowMs] of [
      [normal, NOW],
      [nextWeek, NEXT_WEEK],
    ] as const) {
      expectSame(numbers, expectedTower(worldUntil(nowMs), nowMs, PROMISE_DAYS));
      expect(numbers.esquecidos).toBe(0);
      for (const name of COLORED) expect([name, numbers[name] < critical[name]]).toEqual([name, true]);
    }
  });

  test.each<[keyof TowerNumbers, number, Incident]>([
    ['prometidos_hoje', 100, incident('frozen_hub', 'São Paulo', 16 * 24)],
    ['atrasados_parados', 500, incident('frozen_hub', 'São Paulo', 20 * 24)],
    ['esquecidos', 50, incident('frozen_hub', 'Rio de Janeiro', 5 * 24)],
    ['tentativa_falhou', 10, incident('strike', null, 34)],
    ['quebras_amanha', 20, incident('frozen_hub', 'São Paulo', 14 * 24)],
  ])('%s rises by what the incident does, which is more than %d', async (name, least, what) => {
    const expected = expectedTower(worldUntil(NOW, [what]), NOW, PROMISE_DAYS);
    const before = expectedTower(worldUntil(NOW), NOW, PROMISE_DAYS);
    const { numbers } = await towerOf(server, worldUntil(NOW, [what]), NOW);
    expectSame(numbers, expected);
    const more = numbers[name] - normal.numbers[name];
    expect(more).toBeCloseTo(expected[name] - before[name], 9);
    expect(more).toBeGreaterThan(least);
  });
});

function expectSame(tower: TowerNumbers, expected: TowerNumbers): void {
  expect({ ...tower, quebras_amanha: 0 }).toEqual({ ...expected, quebras_amanha: 0 });
  expect(tower.quebras_amanha).toBeCloseTo(expected.quebras_amanha, 9);
}
