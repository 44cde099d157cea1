import { writeEvents } from '@rastreio/database';
import type { ClientBase } from 'pg';
import { moveClock } from './clock';
import type { Account } from './history';
import type { Changes, Timeline } from './timeline';

const EVENTS_AT_ONCE = 20_000;
const ROWS_AT_ONCE = 5_000;

const SET_ACCOUNTS = `
  INSERT INTO ingestao (minuto, topico, particao, consumidos, inseridos, duplicados, rejeitados, recebido_ate)
  SELECT to_timestamp(u.minuto / 1000), u.topico, u.particao, u.inseridos + u.duplicados + u.rejeitados, u.inseridos, u.duplicados, u.rejeitados,
         to_timestamp(u.recebido_ate / 1000)
  FROM unnest($1::float8[], $2::text[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[], $7::float8[])
    AS u (minuto, topico, particao, inseridos, duplicados, rejeitados, recebido_ate)
  ON CONFLICT (minuto, topico, particao) DO UPDATE SET
    consumidos = excluded.consumidos, inseridos = excluded.inseridos, duplicados = excluded.duplicados,
    rejeitados = excluded.rejeitados, recebido_ate = excluded.recebido_ate`;

const SET_REJECTED = `
  INSERT INTO eventos_rejeitados SELECT * FROM jsonb_populate_recordset(NULL::eventos_rejeitados, $1)
  ON CONFLICT (topico, particao, deslocamento, vida) DO UPDATE SET
    reprocessado_em = excluded.reprocessado_em, aceito_em = excluded.aceito_em, nota = excluded.nota`;

/**
 * Writes changes as the product's writer does, so that every figure follows them.
 *
 * @param owner after prepareConnection, in a scratch database
 * @param withEvents false leaves events and parcels out
 * @param onEvents how many events were written now
 */
export async function applyChanges(
  owner: ClientBase,
  timeline: Timeline,
  { events: [from, to], accounts, rejected }: Changes,
  nowMs: number,
  { withEvents, onEvents }: { readonly withEvents: boolean; readonly onEvents?: (count: number) => void },
): Promise<void> {
  if (withEvents) {
    await moveClock(owner, nowMs);
    for (let at = from; at < to; at += EVENTS_AT_ONCE) {
      const count = Math.min(EVENTS_AT_ONCE, to - at);
      const events = Array.from({ length: count }, (_, i) => timeline.event(at + i));
      await owner.query('BEGIN');
      await writeEvents(owner, events, { provenNew: true });
      await owner.query('COMMIT');
      onEvents?.(count);
    }
  }
  for (let at = 0; at < accounts.length; at += ROWS_AT_ONCE)
    await owner.query({
      name: 'contas',
      text: SET_ACCOUNTS,
      values: columns(latestOf(accounts.slice(at, at + ROWS_AT_ONCE))),
    });
  for (let at = 0; at < rejected.length; at += ROWS_AT_ONCE)
    await owner.query(SET_REJECTED, [JSON.stringify(rejected.slice(at, at + ROWS_AT_ONCE))]);
}

/** One row for each minute, topic and partition, the last one: a statement may not change a row twice. */
function latestOf(accounts: readonly Account[]): readonly Account[] {
  const byKey = new Map(
    accounts.map((account) => [`${account.minuteMs} ${account.partition} ${account.topic}`, account]),
  );
  return [...byKey.values()];
}

function columns(accounts: readonly Account[]): unknown[] {
  return [
    accounts.map(({ minuteMs }) => minuteMs),
    accounts.map(({ topic }) => topic),
    accounts.map(({ partition }) => partition),
    accounts.map(({ inserted }) => inserted),
    accounts.map(({ duplicate }) => duplicate),
    accounts.map(({ rejected }) => rejected),
    accounts.map(({ receivedUntilMs }) => receivedUntilMs),
  ];
}
