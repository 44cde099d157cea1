import { MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { Client } from 'pg';
import { databaseWithOwnTime, travelTo } from './timeTravel';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WEEK_MS = 168 * HOUR_MS;
/** A Monday at midnight, UTC. */
const START = Date.UTC(2026, 5, 1);
const WEEKS = 6;
const EVENTS = 30;
const LIMIT = { warns: 120, fires: 600 };
/** New events of an hour of the day. */
const perHour = (hour: number) => (hour < 6 ? 4 : hour < 9 ? 0 : 120);

/** Seconds from an instant until so many events have come in an ordinary week: minute by minute, the plain definition. */
function secondsUntil(fromMs: number, events: number): number {
  let sum = 0;
  for (let ms = fromMs; ms < fromMs + 48 * HOUR_MS; ms += 1000) {
    sum += perHour(new Date(ms).getUTCHours()) / 3600;
    if (sum >= events - 1e-9) return (ms + 1000 - fromMs) / 1000;
  }
  return 48 * 3600;
}

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let owner: Client;
  beforeAll(async () => {
    database = await databaseWithOwnTime(server);
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    // The minute 59 of each hour stands for all of it.
    const hours = Array.from({ length: WEEKS * 168 }, (_, i) => START + i * HOUR_MS);
    await owner.query(
      `INSERT INTO ingestao (minuto, topico, particao, consumidos, inseridos, duplicados, rejeitados, recebido_ate)
       SELECT m, 't', 0, n, n, 0, 0, m FROM unnest($1::timestamptz[], $2::bigint[]) AS u (m, n) WHERE n > 0`,
      [
        hours.map((ms) => new Date(ms + 59 * MINUTE_MS)),
        // A file of old events in one hour of one week makes no hour of today's.
        hours.map((ms, i) => (i === 4 * 168 + 3 ? 1_000_000 : perHour(new Date(ms).getUTCHours()))),
      ],
    );
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  const silence = async (lastMs: number, nowMs: number) => {
    await travelTo(owner, nowMs);
    await owner.query('BEGIN');
    try {
      await owner.query('DELETE FROM ingestao WHERE minuto > $1', [new Date(lastMs - MINUTE_MS)]);
      await owner.query(
        `INSERT INTO ingestao (minuto, topico, particao, consumidos, inseridos, duplicados, rejeitados, recebido_ate)
         VALUES (date_trunc('minute', $1::timestamptz), 't', 1, 1, 1, 0, 0, $1)`,
        [new Date(lastMs)],
      );
      const { rows } = await owner.query<Record<string, number>>(
        'SELECT segundos, segundos_aviso, segundos_critico FROM ultimo_recebimento',
      );
      return rows[0];
    } finally {
      await owner.query('ROLLBACK');
    }
  };

  test.each([
    ['by day', 14 * HOUR_MS + 20 * MINUTE_MS],
    ['in the evening, just before midnight', 23 * HOUR_MS + 50 * MINUTE_MS],
    ['at night', 2 * HOUR_MS + 40 * MINUTE_MS],
    ['in the hours in which nothing ever comes', 7 * HOUR_MS],
  ])(
    '%s silence is told when thirty events are missing, and not before ten minutes',
    async (_when, ofDay) => {
      const last = START + 5 * WEEK_MS + 24 * HOUR_MS + ofDay;
      const found = await silence(last, last + 20 * MINUTE_MS);
      const usual = secondsUntil(last, EVENTS);
      const fires = Math.max(LIMIT.fires, usual);
      expect(found?.segundos).toBe(1200);
      expect(Math.abs((found?.segundos_critico ?? NaN) - fires)).toBeLessThan(2);
      expect(Math.abs((found?.segundos_aviso ?? NaN) - (LIMIT.warns * fires) / LIMIT.fires)).toBeLessThan(2);
    },
  );

  test('an hour that a load of old events swelled once is judged by the other weeks', async () => {
    const last = START + 5 * WEEK_MS + 3 * HOUR_MS;
    const found = await silence(last, last + 20 * MINUTE_MS);
    expect(Math.abs((found?.segundos_critico ?? NaN) - secondsUntil(last, EVENTS))).toBeLessThan(2);
  });

  test('a database of less than a week knows no usual: its limits are those of the table', async () => {
    const last = START + 100 * HOUR_MS;
    expect(await silence(last, last + HOUR_MS)).toMatchObject({
      segundos_aviso: LIMIT.warns,
      segundos_critico: LIMIT.fires,
    });
  });
});
