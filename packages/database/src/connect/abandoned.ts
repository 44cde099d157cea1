import type { ClientBase, Pool } from 'pg';

const END_ABANDONED = `
  SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
  WHERE usename = current_user AND application_name = current_setting('application_name')
    AND xact_start IS NOT NULL AND wait_event = 'ClientRead' AND state_change < now() - $1 * interval '1 millisecond'`;

/**
 * Ends this role's and application's transactions whose client has been silent in the middle of them for so long: its process is
 * frozen, or its connection died without a word. They keep their locks, and no time-out of the server ends one that waits for
 * the rest of a COPY: neither statement_timeout nor idle_in_transaction_session_timeout nor transaction_timeout is looked at
 * there. To a client that is alive after all this is a lost connection.
 *
 * @param silentMs longer than a client that is alive may take, such as its query time-out
 * @returns how many
 */
export async function endAbandonedTransactions(
  client: Pick<ClientBase, 'query'> | Pick<Pool, 'query'>,
  silentMs: number,
): Promise<number> {
  const { rows } = await client.query<{ ended: boolean }>(END_ABANDONED, [silentMs]);
  return rows.filter(({ ended }) => ended).length;
}
