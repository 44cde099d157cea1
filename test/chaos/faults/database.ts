import { inDatabase, ROLES, withClient } from '@rastreio/database';
import { escapeIdentifier } from 'pg';
import type { Fault, Victims } from './fault';

export const databaseKilled: Fault = async ({ database, progress, pause }, { holdMs }) => {
  const mark = await progress.mark();
  await database.kill();
  await pause(holdMs);
  await database.start();
  return mark;
};

/** A proper stop, and a start after a while: a restart or, held for long, an outage. */
export const databaseStopped: Fault = async ({ database, progress, pause }, { holdMs }) => {
  await database.stop();
  await pause(holdMs);
  const mark = await progress.mark();
  await database.start();
  return mark;
};

/** The consumers' connections die without a word, in the middle of whatever they did; the server never hears of it. */
export const databaseHalfOpen: Fault = async ({ database, progress, pause }, { holdMs }) => {
  database.proxy.blackHole();
  await pause(holdMs);
  database.proxy.heal();
  return progress.mark();
};

/** Connections reset in mid-statement. */
export const databaseCut: Fault = async ({ database, progress }) => {
  database.proxy.cut();
  return progress.mark();
};

/** Somebody locks the parcels for longer than the writers wait for a lock. */
export const databaseLocked: Fault = async ({ database, databaseName, progress, pause }, { holdMs }) => {
  await withClient(inDatabase(database.adminUrl, databaseName), async (client) => {
    await client.query('BEGIN');
    await client.query('LOCK TABLE pacotes IN ACCESS EXCLUSIVE MODE');
    await pause(holdMs);
    await client.query('ROLLBACK');
  });
  return progress.mark();
};

/** As after a failover to a standby: every session, present and new, may only read. */
export const databaseReadOnly: Fault = async (victims, { holdMs }) => {
  const name = escapeIdentifier(victims.databaseName);
  await admin(victims, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  await admin(victims, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
    ROLES.writer,
  ]);
  try {
    await victims.pause(holdMs);
  } finally {
    // Sessions that began meanwhile keep the setting: the consumers must leave them by themselves.
    await admin(victims, `ALTER DATABASE ${name} RESET default_transaction_read_only`);
  }
  return victims.progress.mark();
};

const SLOWEST_MS = 150;

/** Every packet takes its time. */
export const databaseSlow: Fault = async ({ database, progress, pause }, { holdMs, draw }) => {
  database.proxy.delay(Math.ceil(draw * SLOWEST_MS));
  await pause(holdMs);
  database.proxy.heal();
  return progress.mark();
};

async function admin({ database }: Victims, sql: string, values: readonly unknown[] = []): Promise<void> {
  await withClient(database.adminUrl, (client) => client.query(sql, [...values]));
}
