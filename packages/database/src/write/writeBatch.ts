import type { ClientBase } from 'pg';
import type { Batch, ReadPosition, WrittenBatch } from './batch';
import { assertGeneration } from '../schema/generation';
import { LOCKS } from '../connect/locks';
import { CodeConflictError, sqlstate, TooOldError, WentBackError } from '../connect/sqlstate';
import { assertNotTooOld, HORIZON } from './horizon';
import { OvertakenError, writeEvents } from './writeEvents';
import { writeLetters } from './writeLetters';
import { withPromises } from './eventDetails';
import { NUMBERS_VERSION } from './knownNumbers';
import { noteSpellings } from './noteSpellings';
import { numberParcels, NumbersToJoinError } from './numberParcels';
import { wordsAt } from '../words/loadWords';
import { isCorrection, partCorrected, writeCorrected } from './writeCorrected';

export interface WriteHooks {
  /** Called when all is written and nothing committed: where fault tests end the process. */
  readonly beforeCommit?: () => void;
}

const NOTHING: WrittenBatch = { consumed: 0, inserted: 0, duplicate: 0, rejected: 0, unknown: 0 };

// A batch that takes events back or joins numbers runs alone. That any are taken back is one look into a table which mostly is empty.
const begin = (lockCorrections: string) => `
  BEGIN;
  SELECT pg_advisory_xact_lock_shared(${LOCKS.schema});
  SELECT ${lockCorrections}(${LOCKS.corrections});
  SELECT escritor_minimo, ${HORIZON} AS horizonte, fuso() AS fuso, EXISTS (SELECT FROM correcoes) AS "hasCorrections",
    ${NUMBERS_VERSION} AS "numbersVersion",
         versao_palavras::text AS "wordsVersion"
  FROM versao_do_esquema, retencao`;
const BEGIN = begin('pg_advisory_xact_lock_shared');
const BEGIN_ALONE = begin('pg_advisory_xact_lock');

const ADD_TO_ACCOUNTS = `
  INSERT INTO ingestao AS i (minuto, topico, particao, consumidos, inseridos, duplicados, rejeitados, recebido_ate, sem_hora)
  VALUES (date_trunc('minute', now()), $1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (minuto, topico, particao) DO UPDATE SET
    consumidos = i.consumidos + excluded.consumidos,
    inseridos = i.inseridos + excluded.inseridos,
    duplicados = i.duplicados + excluded.duplicados,
    rejeitados = i.rejeitados + excluded.rejeitados,
    recebido_ate = greatest(i.recebido_ate, excluded.recebido_ate),
    sem_hora = i.sem_hora + excluded.sem_hora`;

// Another reader of the same topic may be further on. Answers with how far it was before, 0 where there was no note of this cluster.
const MOVE_POSITION = `
  WITH before AS (SELECT proximo FROM posicoes_lidas WHERE (topico, particao, cluster) = ($1, $2, $3))
  INSERT INTO posicoes_lidas AS p (topico, particao, cluster, proximo) VALUES ($1, $2, $3, $4)
  ON CONFLICT (topico, particao, cluster) DO UPDATE SET proximo = greatest(p.proximo, excluded.proximo)
  RETURNING coalesce((SELECT proximo FROM before), 0) AS before`;

/** Errors that this module throws while the connection is in step. */
const OURS = [OvertakenError, NumbersToJoinError, CodeConflictError, TooOldError, WentBackError];

const INSERT_REMOVED = `
  INSERT INTO mensagens_perdidas (topico, particao, cluster, desde, ate) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`;

/**
 * Writes a batch in one transaction: events, parcel states, rejected messages and the accounting. Either all of it is
 * committed or none. Writing the same messages again changes nothing but the count of duplicates.
 *
 * @param client a connection after {@link prepareConnection}, outside any transaction; after an error it must be closed (as
 *   {@link withPoolClient} does)
 * @throws OperatorError (exit code 78) when the schema is for newer writers; TooOldError when an event is from before the horizon of
 *   retention; WentBackError when the database has less of the partition than the batch comes after; else the database's error, after a rollback; see
 *   {@link classifyDatabaseError}
 */
export async function writeBatch(
  client: ClientBase,
  batch: Batch,
  hooks: WriteHooks = {},
): Promise<WrittenBatch> {
  let how: WriteOptions = { provenNew: true, isAlone: batch.events.some(isCorrection) };
  for (;;)
    try {
      return await transact(client, batch, hooks, how);
    } catch (error) {
      // A zombie or a second group: now nothing counts as proven.
      if (error instanceof OvertakenError && how.provenNew) how = { ...how, provenNew: false };
      else if (error instanceof NumbersToJoinError && !how.isAlone) how = { ...how, isAlone: true };
      else throw error;
    }
}

interface WriteOptions {
  /** Whether events later than all that the database knows of their parcels count as new without a look. */
  readonly provenNew: boolean;
  /** Whether no other batch is written meanwhile: one that takes events back, or joins two numbers of a parcel. */
  readonly isAlone: boolean;
}

async function transact(
  client: ClientBase,
  { topic, partition, events, rejected, untimed = 0, position }: Batch,
  { beforeCommit }: WriteHooks,
  { provenNew, isAlone }: WriteOptions,
): Promise<WrittenBatch> {
  const consumed = events.length + rejected.length;
  if (consumed === 0 && !position?.removed) return NOTHING;
  try {
    const { horizonte, fuso, hasCorrections, numbersVersion, wordsVersion } = await beginWriting(
      client,
      isAlone,
    );
    assertNotTooOld(events, horizonte);
    const onCommit = await noteSpellings(client, events);
    const { statuses, translate } = await wordsAt(client, wordsVersion);
    const translated = translate(withPromises(events, fuso));
    const { events: numbered, remember } = await numberParcels(client, translated, {
      isAlone,
      version: numbersVersion,
    });
    const { ordinary, corrected } = await partCorrected(client, numbered, hasCorrections);
    const written = ordinary.length === 0 ? 0 : await writeEvents(client, ordinary, { provenNew, statuses });
    const inserted = written + (await writeCorrected(client, corrected));
    await writeLetters(client, topic, partition, rejected);
    // One that takes back whatever came before says no status.
    const unknown = numbered.reduce(
      (n, e) => n + (e.correcao === 'anterior' || statuses.isKnown(e.status_rastreamento) ? 0 : 1),
      0,
    );
    const counts = {
      ...{ consumed, inserted, duplicate: events.length - inserted, rejected: rejected.length },
      unknown,
    };
    if (consumed > 0)
      await client.query(ADD_TO_ACCOUNTS, [
        topic,
        partition,
        consumed,
        inserted,
        counts.duplicate,
        counts.rejected,
        new Date(newestReceipt([...events, ...rejected])).toISOString(),
        untimed,
      ]);
    if (position !== undefined) await writePosition(client, topic, partition, position);
    beforeCommit?.();
    await client.query('COMMIT');
    onCommit();
    remember();
    return counts;
  } catch (error) {
    // Only an error that the server sent leaves the connection in step. After a time-out or a broken socket the caller closes it,
    // which rolls back as well; a ROLLBACK would wait behind the answer that never came. The first error is the one that matters.
    if (sqlstate(error) !== undefined || OURS.some((kind) => error instanceof kind))
      await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

interface Begun {
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
  };
}

async function writePosition(
  client: ClientBase,
  topic: string,
  partition: number,
  { cluster, after, next, removed }: ReadPosition,
): Promise<void> {
  const { rows } = await client.query<{ before: string }>(MOVE_POSITION, [topic, partition, cluster, next]);
  const before = rows[0]?.before ?? '0';
  if (after !== undefined && BigInt(before) < BigInt(after))
    throw new WentBackError(
      `the database has ${topic}:${partition} up to offset ${before}, and up to ${after} was written to it`,
    );
  if (removed !== null) await client.query(INSERT_REMOVED, [topic, partition, cluster, ...removed]);
}

function newestReceipt(received: readonly { readonly recebido_em: number }[]): number {
  return received.reduce((newest, { recebido_em }) => Math.max(newest, recebido_em), -Infinity);
}
