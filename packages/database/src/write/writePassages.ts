import type { ClientBase } from 'pg';
import { totalMicros, type Passages } from './passages';

const ADD = `
  SELECT soma_historico($1::timestamptz[], $2::text[], $3::bigint[], $4::bigint[]),
         soma_permanencia($5::date[], $6::text[], $7::smallint[], $8::bigint[], $9::bigint[]),
         soma_atraso($10::timestamptz[], $11::smallint[], $12::bigint[], $13::bigint[])`;

/** Adds passages to the tables that keep them, within the caller's transaction. */
export async function writePassages(client: ClientBase, { history, dwell, delay }: Passages): Promise<void> {
  await client.query(ADD, [
    plainArray(history.map(({ hour }) => instant(hour))),
    history.map(({ status }) => status),
    plainArray(history.map(({ events }) => events)),
    plainArray(history.map(({ change }) => change)),
    plainArray(dwell.map(({ day }) => instant(day).slice(0, 10))),
    dwell.map(({ status }) => status),
    plainArray(dwell.map(({ bucket }) => bucket)),
    plainArray(dwell.map(({ count }) => count)),
    plainArray(dwell.map(totalMicros)),
    plainArray(delay.map(({ hour }) => instant(hour))),
    plainArray(delay.map(({ bucket }) => bucket)),
    plainArray(delay.map(({ count }) => count)),
    plainArray(delay.map(totalMicros)),
  ]);
}

/** An array as PostgreSQL reads it, of values without anything to be quoted: pg would look at each character of thousands of them. */
function plainArray(values: readonly (string | number)[]): string {
  return `{${values.join(',')}}`;
}

function instant(micros: number): string {
  return new Date(micros / 1000).toISOString();
}
