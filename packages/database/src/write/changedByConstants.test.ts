// Where chunks are columnar only constants keep UPDATE and DELETE from decompressing all of one, see sql/functions/18_troca.sql.
import { makeBed, type Bed } from '@rastreio/testing/bed';
import { tableDifferences } from '@rastreio/testing/differences';
import { SERVERS } from '@rastreio/testing/servers';
import { Client } from 'pg';
import { inTransaction } from '../connect/transaction';
import type { NumberedReceived } from '../write/batch';
import { exchangeEvents } from './exchangeEvents';

/** From the sixth execution on, PL/pgSQL may take a plan that knows no values. */
const ROUNDS = 8;
const SHOW_PLANS = `
  LOAD 'auto_explain';
  SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on; SET auto_explain.log_analyze = off;
  SET client_min_messages = log; SET log_min_messages = fatal; SET jit = off`;

describe.each(SERVERS)('on $name', (server) => {
  let bed: Bed;
  let admin: Client;
  const plans: string[] = [];
  beforeAll(async () => {
    bed = await makeBed(server);
    admin = new Client({ connectionString: bed.database.adminUrl });
    await admin.connect();
    await admin.query(SHOW_PLANS);
    admin.on('notice', ({ message }) => plans.push(message ?? ''));
  });
  afterAll(async () => {
    await admin.end();
    await bed.close();
  });

  test('stored events are changed by their keys as constants, and only where there is something to change', async () => {
    const exchange = (out: readonly NumberedReceived[], put: readonly NumberedReceived[]) =>
      inTransaction(admin, 'BEGIN', () => exchangeEvents(admin, { out, put }));
    const changes = () =>
      plans
        .splice(0)
        .filter((plan) => /^[ ->]*(Update|Delete) on .*(_hyper_|eventos_rastreamento)/m.test(plan));
    const found: string[] = [];
    for (let parcel = 1; parcel <= ROUNDS; parcel++) {
      const [posted, moved, again] = [event(parcel, 1), event(parcel, 2), event(parcel, 3)];
      await bed.write([posted, moved, again]);
      // Goes; another report of one that stays; and an earlier event from elsewhere, so that what the stored ones said is written down.
      const report = { ...again, local: 'CDD Acre' };
      expect(await exchange([moved], [report, { ...event(parcel, 0), origem: 'Belém' }])).toBe(1);
      found.push(...changes());
      expect(await exchange([moved], [report])).toBe(0);
      expect(changes()).toEqual([]);
    }
    expect(found.filter((plan) => /^[ ->]*Delete on/m.test(plan))).toHaveLength(ROUNDS);
    expect(found.filter((plan) => /^[ ->]*Update on/m.test(plan)).length).toBeGreaterThanOrEqual(2 * ROUNDS);
    const byConstants =
      /\(id_pacote = '\d+'::bigint\) AND \(data_evento >?= '[^']+'::timestamp with time zone\)/;
    expect(found.filter((plan) => !byConstants.test(plan) || /\$\d|Join|Loop/.test(plan))).toEqual([]);
    expect(await tableDifferences(bed.owner)).toEqual([]);
  });

  test('TimescaleDB decompresses whatever it has to within such a transaction, and its limit stands again after it', async () => {
    const limit = async () => {
      const { rows } = await admin.query<{ limit: string | null }>(
        `SELECT current_setting('timescaledb.max_tuples_decompressed_per_dml_transaction', true) AS limit`,
      );
      return rows[0]?.limit ?? null;
    };
    const before = await limit();
    expect(before).toEqual(server.timescaledb ? expect.stringMatching(/^[1-9]\d*$/) : null);
    await inTransaction(admin, 'BEGIN', async () => {
      await exchangeEvents(admin, { out: [event(99, 1)], put: [] });
      expect(await limit()).toBe(server.timescaledb ? '0' : null);
    });
    expect(await limit()).toBe(before);
  });
});

function event(id_pacote: number, hour: number): NumberedReceived {
  return {
    ...{ id_pacote, origem: 'Natal', destino: 'Acre', status_rastreamento: 'EM TRÂNSITO', recebido_em: 0 },
    data_atualizacao: `2026-01-05T0${hour}:00:00.000000Z`,
  };
}
