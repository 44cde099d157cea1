import { isTimezone } from '@rastreio/contract';
import { EXIT, OperatorError } from '@rastreio/runtime';
import type { ClientBase } from 'pg';

/**
 * The operator's time zone, in which days begin and end (function `fuso` of the database), as an IANA name; null while the migration that
 * stores it is pending.
 */
export async function readTimeZone(client: Pick<ClientBase, 'query'>): Promise<string | null> {
  const { rows: found } = await client.query(
    `SELECT FROM pg_proc WHERE oid = to_regprocedure('public.fuso()')`,
  );
  if (found.length === 0) return null;
  const { rows } = await client.query<{ fuso: string }>('SELECT fuso()');
  return rows[0]?.fuso ?? null;
}

/**
 * Looks whether a database can have the wanted time zone, before a migration stores it.
 *
 * @throws OperatorError for a name that the server does not know (exit code 2), and where the database counts its days in another zone (78):
 * its daily figures are sums of such days, which cannot be cut anew
 */
export async function assertTimeZone(client: Pick<ClientBase, 'query'>, wanted: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM pg_timezone_names WHERE lower(name) = lower($1)',
    [wanted],
  );
  // Promises that are days end where programs of ours, too, know the zone.
  if (rows.length === 0 || !isTimezone(wanted))
    throw new OperatorError(
      `--time-zone: "${wanted}" is no time zone that the server and this program know; valid is an IANA name such as America/Sao_Paulo or Europe/Lisbon (all of them: SELECT name FROM pg_timezone_names)`,
      EXIT.usage,
    );
  const stored = await readTimeZone(client);
  if (stored !== null && stored.toLowerCase() !== wanted.toLowerCase())
    throw new OperatorError(
      `--time-zone: this database counts its days in ${stored}, and what it has added up by day cannot be cut anew in ${wanted}. Leave the option out, or make a new database in ${wanted} and let a consumer with a new group read the topic from its beginning`,
      EXIT.config,
    );
}
