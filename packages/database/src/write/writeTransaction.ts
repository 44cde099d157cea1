import type { ClientBase } from 'pg';
import { assertGeneration } from '../schema/generation';
import { LOCKS } from '../connect/locks';
import { CodeConflictError, sqlstate, TooOldError, WentBackError } from '../connect/sqlstate';
import { HORIZON } from './horizon';
import { NUMBERS_VERSION } from './knownNumbers';
import { ChangedMeanwhileError, MustBeAloneError, NumbersToJoinError, OvertakenError } from './tryAgain';

export interface WriteHooks {
  /** Called when all is written and nothing committed: where fault tests end the process. */
  readonly beforeCommit?: () => void;
}

/** What a transaction knows when it begins. */
export interface Begun {
  /** The instant before which events are refused, null where none are. */
  readonly horizonte: string | null;
  /** The operator's time zone. */
  readonly fuso: string;
  /** Whether any event of the database is taken back. */
  readonly hasCorrections: boolean;
  /** Of the numbers of tracking numbers. */
  readonly numbersVersion: string;
  /** Which words the database knows. */
  readonly wordsVersion: string;
  /** The first transaction that it may not have seen. */
  readonly unseenFrom: string;
}

// That any event is taken back is one look into a table which mostly is empty.
const begin = (lockCorrections: string) => `
  BEGIN;
  SELECT pg_advisory_xact_lock_shared(${LOCKS.schema});
  SELECT ${lockCorrections}(${LOCKS.corrections});
  SELECT escritor_minimo, ${HORIZON} AS horizonte, fuso() AS fuso, EXISTS (SELECT FROM correcoes) AS "hasCorrections",
    ${NUMBERS_VERSION} AS "numbersVersion",
         versao_palavras::text AS "wordsVersion", pg_snapshot_xmin(pg_current_snapshot())::text AS "unseenFrom"
  FROM versao_do_esquema, retencao`;
const BEGIN = begin('pg_advisory_xact_lock_shared');
const BEGIN_ALONE = begin('pg_advisory_xact_lock');

/** Errors of ours that are thrown while the connection is in step. */
const OURS = [
  ...[OvertakenError, ChangedMeanwhileError, NumbersToJoinError, MustBeAloneError],
  ...[CodeConflictError, TooOldError, WentBackError],
];

/**
 * Runs `work` in a transaction of the writer's: all of it is committed, or none.
 *
 * @param client a connection outside any transaction; after an error it must be closed (as {@link withPoolClient} does) unless the error is
 *   one of those of tryAgain.ts
 * @param isAlone no other batch is written meanwhile
 * @throws OperatorError (exit code 78) when the schema is for newer writers; else what `work` or the database throws, after a rollback
 */
export async function inWriteTransaction<T>(
  client: ClientBase,
  isAlone: boolean,
  { beforeCommit }: WriteHooks,
  work: (begun: Begun) => Promise<T>,
): Promise<T> {
  try {
    const done = await work(await beginWriting(client, isAlone));
    beforeCommit?.();
    await client.query('COMMIT');
    return done;
  } catch (error) {
    // Only an error that the server sent leaves the connection in step. After a time-out or a broken socket the caller closes it,
    // which rolls back as well; a ROLLBACK would wait behind the answer that never came. The first error is the one that matters.
    if (sqlstate(error) !== undefined || OURS.some((kind) => error instanceof kind))
      await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function beginWriting(client: ClientBase, isAlone: boolean): Promise<Begun> {
  // pg gives a list of results for several statements at once, which its types do not say.
  const results = (await client.query(isAlone ? BEGIN_ALONE : BEGIN)) as unknown as {
    rows: ({ readonly escritor_minimo: number } & Begun)[];
  }[];
  const row = results.at(-1)?.rows[0];
  assertGeneration(row?.escritor_minimo ?? Infinity);
  return {
    horizonte: row?.horizonte ?? null,
    fuso: row?.fuso ?? 'UTC',
    hasCorrections: row?.hasCorrections ?? false,
    numbersVersion: row?.numbersVersion ?? '',
    wordsVersion: row?.wordsVersion ?? '',
    unseenFrom: row?.unseenFrom ?? '0',
  };
}
