import type { ClientBase } from 'pg';
import type { Batch, ReadPosition, WrittenBatch } from './batch';
import { WentBackError } from '../connect/sqlstate';
import { assertUnchanged } from './assertUnchanged';
import { withPromises } from './eventDetails';
import { assertNotTooOld } from './horizon';
import { joinNumbers } from './joinNumbers';
import { noteSpellings } from './noteSpellings';
import { numberParcels } from './numberParcels';
import { ChangedMeanwhileError, MustBeAloneError, NumbersToJoinError, OvertakenError } from './tryAgain';
import { partCorrected, writeCorrected } from './writeCorrected';
import { writeEvents } from './writeEvents';
import { writeLetters } from './writeLetters';
import { inWriteTransaction, type Begun, type WriteHooks } from './writeTransaction';
import { wordsAt } from '../words/loadWords';

const NOTHING: WrittenBatch = { consumed: 0, inserted: 0, duplicate: 0, rejected: 0, unknown: 0 };

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

const INSERT_REMOVED = `
  INSERT INTO mensagens_perdidas (topico, particao, cluster, desde, ate) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`;

/**
 * Writes a batch in one transaction: events, parcel states, rejected messages and the accounting. Either all of it is
 * committed or none. Writing the same messages again changes nothing but the count of duplicates. Numbers that its events join are
 * joined before, see {@link joinNumbers}.
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
  const { events, rejected, position } = batch;
  if (events.length + rejected.length === 0 && !position?.removed) return NOTHING;
  let how: WriteOptions = { provenNew: true, isAlone: false };
  for (;;)
    try {
      const { counts, remember } = await inWriteTransaction(client, how.isAlone, hooks, (begun) =>
        write(client, batch, begun, how),
      );
      remember();
      return counts;
    } catch (error) {
      if (error instanceof NumbersToJoinError) await joinNumbers(client, error.pairs, hooks);
      // A zombie or a second group: now nothing counts as proven.
      else if (error instanceof OvertakenError && how.provenNew) how = { ...how, provenNew: false };
      else if (error instanceof MustBeAloneError && !how.isAlone) how = { ...how, isAlone: true };
      else if (!(error instanceof ChangedMeanwhileError)) throw error;
    }
}

interface WriteOptions {
  /** Whether events later than all that the database knows of their parcels count as new without a look. */
  readonly provenNew: boolean;
  /** Whether no other batch is written meanwhile. */
  readonly isAlone: boolean;
}

async function write(
  client: ClientBase,
  { topic, partition, events, rejected, untimed = 0, position }: Batch,
  { horizonte, fuso, hasCorrections, numbersVersion, wordsVersion, unseenFrom }: Begun,
  { provenNew, isAlone }: WriteOptions,
): Promise<{ counts: WrittenBatch; remember: () => void }> {
  assertNotTooOld(events, horizonte);
  const rememberSpellings = await noteSpellings(client, events);
  const { statuses, translate } = await wordsAt(client, wordsVersion);
  const translated = translate(withPromises(events, fuso));
  const { events: numbered, remember: rememberNumbers } = await numberParcels(
    client,
    translated,
    numbersVersion,
  );
  const { ordinary, corrected } = await partCorrected(client, numbered, hasCorrections);
  const whenLocked = () => assertUnchanged(client, ordinary, unseenFrom);
  const written =
    ordinary.length === 0 ? 0 : await writeEvents(client, ordinary, { provenNew, statuses, whenLocked });
  const inserted = written + (await writeCorrected(client, corrected, isAlone));
  await writeLetters(client, topic, partition, rejected);
  // One that takes back whatever came before says no status.
  const unknown = numbered.reduce(
    (n, e) => n + (e.correcao === 'anterior' || statuses.isKnown(e.status_rastreamento) ? 0 : 1),
    0,
  );
  const consumed = events.length + rejected.length;
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
  return {
    counts,
    remember() {
      rememberSpellings();
      rememberNumbers();
    },
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
