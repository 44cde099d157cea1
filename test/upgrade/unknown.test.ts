// Shows G8 of docs/guarantees.md: what migration 0006 makes of packages that a status nobody knows has reopened.
import {
  findTableDifferences,
  migrate,
  withClient,
  withPoolClient,
  writeBatch,
  createWriterPool,
} from '@rastreio/database';
import { anyEvent } from '@rastreio/testing/events';
import { SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import fc from 'fast-check';
import type { Client } from 'pg';
import { formerDatabase } from './former';

const QUIET = { info: () => undefined, warn: () => undefined };
const PARCELS = 300;

/** Parcels with a few events each, of which more than a third have a status that the catalogue lacks; and where removals stopped. */
const anyParcels = fc.record({
  parcels: fc.array(fc.array(anyEvent, { minLength: 1, maxLength: 8 }), {
    minLength: PARCELS,
    maxLength: PARCELS,
  }),
  later: fc.array(anyEvent, { minLength: 30, maxLength: 60 }),
});

const FILL = `
  INSERT INTO eventos_rastreamento (id_pacote, data_evento, status_rastreamento, recebido_em)
  SELECT DISTINCT ON (1, 2, 3) id_pacote, data_atualizacao, status_rastreamento, timestamptz '2026-11-01Z'
  FROM jsonb_to_recordset($1) AS e (id_pacote bigint, data_atualizacao timestamptz, status_rastreamento text)`;

/** As that version's definitions have them: the latest event is the current status. */
const DERIVE = `
  INSERT INTO pacotes (id_pacote, origem, destino, status_atual, data_status, ordem_status, data_inicio, data_entrega, data_tentativa)
  SELECT id_pacote, 'Natal', 'Acre', status_atual, data_status, ordem_status, data_inicio, data_entrega, data_tentativa FROM conferencia.pacotes;
  INSERT INTO resumo_historico (hora, status, fatia, eventos, variacao) SELECT hora, status, 3, eventos, variacao FROM conferencia.resumo_historico;
  INSERT INTO resumo_permanencia (dia, status, balde, fatia, passagens, segundos)
    SELECT dia, status, balde, 3, passagens, segundos FROM conferencia.resumo_permanencia;
  INSERT INTO resumo_atraso (hora, balde, fatia, eventos, segundos) SELECT hora, balde, 3, eventos, segundos FROM conferencia.resumo_atraso;
  INSERT INTO resumo_atraso_dia (dia, balde, fatia, eventos) SELECT dia, balde, 3, eventos FROM conferencia.resumo_atraso_dia`;

const REMOVED = `'2026-02-03T00:00:00Z'`;
/** As that version removed events: of each package the last of them stays, known or not. */
const REMOVE = `
  UPDATE retencao SET horizonte = ${REMOVED};
  INSERT INTO removidos_historico SELECT * FROM conferencia.historico(${REMOVED});
  INSERT INTO removidos_permanencia SELECT * FROM conferencia.permanencia(${REMOVED});
  INSERT INTO removidos_atraso SELECT * FROM conferencia.atraso(${REMOVED});
  INSERT INTO eventos_anteriores (id_pacote, data_evento, status_rastreamento)
  SELECT DISTINCT ON (e.id_pacote) e.id_pacote, e.data_evento, e.status_rastreamento
  FROM eventos_rastreamento e JOIN pacotes p USING (id_pacote) LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
  WHERE e.data_evento < ${REMOVED} AND p.data_status >= ${REMOVED}
  ORDER BY e.id_pacote, e.data_evento DESC, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC;
  UPDATE retencao SET removidos_ate = ${REMOVED};
  DELETE FROM eventos_rastreamento WHERE data_evento < ${REMOVED}`;

describe.each(SERVERS)('on $name', (server) => {
  test.each([
    ['whose events are all there', false],
    ['whose old events are removed', true],
  ])('packages %s have the status, and the past, that the events say', async (_, removed) => {
    // One made-up world of the run's seed: a smaller one would take another database.
    const [{ parcels, later } = { parcels: [], later: [] }] = fc.sample(anyParcels, 1);
    const database = await formerDatabase(server);
    try {
      const events = parcels.flatMap((list, i) => list.map((event) => ({ ...event, id_pacote: i + 1 })));
      await withClient(database.ownerUrl, async (client) => {
        await client.query(FILL, [JSON.stringify(events)]);
        await client.query(DERIVE);
        if (removed) await client.query(REMOVE);
        expect(await reopened(client)).toBeGreaterThan(0);
      });
      await migrate({ databaseUrl: database.ownerUrl, log: QUIET });
      await withClient(database.ownerUrl, async (client) => {
        expect(await findTableDifferences(client)).toEqual([]);
        expect(await reopened(client)).toBe(0);
      });
      await write(
        database,
        later.map((event, i) => ({
          ...event,
          id_pacote: 1 + (i % PARCELS),
          data_atualizacao: laterThan(event.data_atualizacao),
        })),
      );
      await withClient(database.ownerUrl, async (client) =>
        expect(await findTableDifferences(client)).toEqual([]),
      );
    } finally {
      await database.drop();
    }
  });
});

/** Packages that are open by an unknown status, of which the latest known one is final. */
async function reopened(client: Client): Promise<number> {
  const { rows } = await client.query<{ n: number }>(`
    SELECT count(*)::int AS n FROM pacotes p
    WHERE p.aberto AND p.ordem_status = 0 AND (
      SELECT c.terminal FROM eventos_rastreamento e JOIN catalogo_status c ON c.status = e.status_rastreamento
      WHERE e.id_pacote = p.id_pacote ORDER BY e.data_evento DESC, c.ordem DESC LIMIT 1)`);
  return rows[0]?.n ?? 0;
}

type Events = Parameters<typeof writeBatch>[1]['events'];

async function write({ writerUrl: databaseUrl }: TestDatabase, events: Events): Promise<void> {
  const pool = createWriterPool({ databaseUrl, connections: 1, applicationName: 'test' });
  try {
    await withPoolClient(pool, (client) =>
      writeBatch(client, { topic: 't', partition: 0, events, rejected: [] }),
    );
  } finally {
    await pool.end();
  }
}

/** After the instant up to which events are removed, among those that are left. */
function laterThan(instant: string): string {
  return instant.replace(/^2026-0./, '2026-03');
}
