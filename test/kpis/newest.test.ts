// ultimos_eventos reads back in parts whose lengths follow from the sums by hour: whatever lies where, it must find what a plain query finds.
import { STATUS_CATALOGUE } from '@rastreio/contract';
import type { PlainReceived } from '@rastreio/database';
import { makeBed, type Bed } from '@rastreio/testing/bed';
import { SERVERS } from '@rastreio/testing/servers';
import fc from 'fast-check';

const HOUR_MS = 3_600_000;
const NOW = Date.now();
const EVENTS = 3_000;
const PLACES = ['Natal', 'Acre', 'Cuiabá'] as const;
/** One that hardly any event has, and one that none has. */
const [RARE, NEVER] = ['ROUBADO', 'NO LIMBO'];
const iso = (ms: number) => new Date(ms).toISOString().replace('Z', '000Z');

/** Hours before now: most in one hour, of which most in its last minute; hours with few events far apart; some ahead of the clock. */
const anyHoursAgo = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 2, max: 2 + 1 / 60, noNaN: true }) },
  { weight: 3, arbitrary: fc.double({ min: 2, max: 3, noNaN: true }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 }).map((n) => n * 24.25) },
  { weight: 1, arbitrary: fc.double({ min: -0.5, max: 30, noNaN: true }) },
);
const anyStatus = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...STATUS_CATALOGUE.map(({ status }) => status)) },
  { weight: 1, arbitrary: fc.constant(RARE) },
);
const anyEvent: fc.Arbitrary<PlainReceived> = fc
  .record({ id: fc.integer({ min: 1, max: 200 }), hoursAgo: anyHoursAgo, status: anyStatus })
  .map(({ id, hoursAgo, status }) => ({
    id_pacote: id,
    // Nearly all parcels are of one lane.
    origem: PLACES[id % 40 === 0 ? 1 : 0],
    destino: PLACES[2],
    status_rastreamento: status,
    // Of whole minutes, so that there are ties.
    data_atualizacao: iso(Math.floor((NOW - hoursAgo * HOUR_MS) / 60_000) * 60_000 + (id % 7) * 1_000),
    recebido_em: NOW,
  }));

const anyQuestion = fc.record({
  from: fc.oneof(fc.constantFrom(-0.2, 1, 2, 2.5, 24, 720), fc.double({ min: 0, max: 1_000, noNaN: true })),
  to: fc.oneof(fc.constantFrom(-1, 0, 2, 2.01, 24), fc.double({ min: 0, max: 800, noNaN: true })),
  origins: fc.constantFrom([], [PLACES[0]], [PLACES[1]], ['Nenhum']),
  destinations: fc.constantFrom([], [PLACES[2]]),
  statuses: fc.constantFrom([], ['ENTREGUE'], [RARE], [NEVER], ['POSTADO', RARE]),
  limit: fc.constantFrom(0, 1, 2, 7, 50, 500, null),
});

const PLAIN = `
  SELECT e.data_evento, e.id_pacote::text AS id_pacote, e.status_rastreamento, p.origem, p.destino
  FROM eventos_rastreamento e JOIN pacotes p USING (id_pacote) LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
  WHERE e.data_evento BETWEEN $1 AND $2 AND ($3::text[] = '{}' OR p.origem = ANY ($3)) AND ($4::text[] = '{}' OR p.destino = ANY ($4))
    AND ($5::text[] = '{}' OR e.status_rastreamento = ANY ($5))
  ORDER BY e.data_evento DESC, e.id_pacote, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC LIMIT $6`;

describe.each(SERVERS)('on $name', (server) => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await makeBed(server);
    const events = fc.sample(anyEvent, EVENTS);
    for (let i = 0; i < EVENTS; i += 500) await bed.write(events.slice(i, i + 500));
    await bed.owner.query('VACUUM ANALYZE');
  });
  afterAll(() => bed.close());

  test('the newest events are those that a plain query finds', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuestion, async ({ from, to, origins, destinations, statuses, limit }) => {
        const values = [iso(NOW - from * HOUR_MS), iso(NOW - to * HOUR_MS)];
        values.sort();
        const parameters = [...values, origins, destinations, statuses, limit];
        const { rows } = await bed.owner.query(
          'SELECT * FROM ultimos_eventos($1, $2, $3, $4, $5, $6)',
          parameters,
        );
        expect(rows).toEqual((await bed.owner.query(PLAIN, parameters)).rows);
      }),
      { numRuns: 300 },
    );
  });

  test('no table of events has a second B-tree, and each sums its pages up as it grows', async () => {
    const { rows } = await bed.owner.query<{ method: string; options: string[] | null; n: number }>(`
      SELECT a.amname AS method, c.reloptions AS options, count(*)::int AS n
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
      WHERE i.indrelid = 'eventos_rastreamento'::regclass OR i.indrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'eventos_rastreamento'::regclass)
      GROUP BY 1, 2 ORDER BY 1 DESC`);
    const tables = rows[0]?.n;
    expect(rows).toEqual([
      { method: 'btree', options: null, n: tables },
      { method: 'brin', options: ['pages_per_range=16', 'autosummarize=on'], n: tables },
    ]);
    if (server.timescaledb) expect(tables).toBeGreaterThan(3);
  });
});
