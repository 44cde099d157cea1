import type { ClientBase } from 'pg';
import { totalMicros, type Passages } from './passages';

const ADD = `
  SELECT soma_historico($1::timestamptz[], $2::text[], $3::bigint[], $4::bigint[]),
         soma_permanencia($5::date[], $6::text[], $7::smallint[], $8::bigint[], $9::bigint[]),
         soma_atraso($10::timestamptz[], $11::smallint[], $12::bigint[], $13::bigint[])`;

/** Adds passages to the tables that keep them, within the caller's transaction. */
export async function writePassages(client: ClientBase, { history, dwell, delay }: Passages): Promise<void> {
  await client.query(ADD, [
    history.map(({ hour }) => instant(hour)),
    history.map(({ status }) => status),
    history.map(({ events }) => events),
    history.map(({ change }) => change),
    dwell.map(({ day }) => instant(day).slice(0, 10)),
    dwell.map(({ status }) => status),
    dwell.map(({ bucket }) => bucket),
    dwell.map(({ count }) => count),
    dwell.map(totalMicros),
    delay.map(({ hour }) => instant(hour)),
    delay.map(({ bucket }) => bucket),
    delay.map(({ count }) => count),
    delay.map(totalMicros),
  ]);
}

function instant(micros: number): string {
  return new Date(micros / 1000).toISOString();
}
