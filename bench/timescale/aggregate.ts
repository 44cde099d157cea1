import type { Client } from 'pg';
import { median, type Figures } from '../support';
import { FIRST_DAY } from './fill';
import { measureLateBatches, timeEach } from './measure';

const WEEK = `BETWEEN timestamptz '${FIRST_DAY}' + interval '30 days' AND timestamptz '${FIRST_DAY}' + interval '37 days'`;
const RUNS = 50;

/**
 * Events per hour and status from a continuous aggregate, beside the column `eventos` of `resumo_historico`, which the writer keeps:
 * time to read a week of both, to write late batches with and without the aggregate, and to bring the aggregate up to date.
 *
 * @throws Error when the two do not agree once the aggregate is up to date
 */
export async function measureAggregate(
  client: Client,
  turn: number,
  packages: number,
  size: number,
): Promise<Figures> {
  const before = await measureLateBatches(client, turn, packages, size);
  await client.query(`
    CREATE MATERIALIZED VIEW fluxo WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
    SELECT time_bucket(interval '1 hour', data_evento) AS hora, status_rastreamento AS status, count(*) AS eventos
    FROM eventos_rastreamento GROUP BY 1, 2 WITH NO DATA`);
  const refresh = () => client.query(`CALL refresh_continuous_aggregate('fluxo', NULL, NULL)`);
  const [first = NaN] = await timeOnce(refresh);
  const after = await measureLateBatches(client, turn + 1, packages, size);
  const [again = NaN] = await timeOnce(refresh);
  const ours = `SELECT hora, status, sum(eventos) FROM resumo_historico WHERE hora ${WEEK} GROUP BY 1, 2`;
  const theirs = `SELECT hora, status, sum(eventos) FROM fluxo WHERE hora ${WEEK} GROUP BY 1, 2`;
  await expectEqual(client, ours, theirs);
  const [oursMs, theirsMs] = [
    await timeEach(RUNS, () => client.query(ours)),
    await timeEach(RUNS, () => client.query(theirs)),
  ];
  await client.query('DROP MATERIALIZED VIEW fluxo');
  return {
    resumo_historico_week_ms: median(oursMs),
    aggregate_week_ms: median(theirsMs),
    aggregate_first_refresh_ms: first,
    aggregate_refresh_after_late_batches_ms: again,
    late_batch_without_cpu_ms: before.late_cpu_ms ?? NaN,
    late_batch_with_aggregate_cpu_ms: after.late_cpu_ms ?? NaN,
  };
}

async function timeOnce(run: () => Promise<unknown>): Promise<number[]> {
  const startedAt = performance.now();
  await run();
  return [performance.now() - startedAt];
}

async function expectEqual(client: Client, a: string, b: string): Promise<void> {
  const { rows } = await client.query(
    `(${a} HAVING sum(eventos) <> 0 EXCEPT ${b}) UNION ALL (${b} EXCEPT ${a})`,
  );
  if (rows.length > 0)
    throw new Error(`the continuous aggregate and resumo_historico differ: ${JSON.stringify(rows[0])}`);
}
