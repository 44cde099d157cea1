import { eventMessage, type Rejection, type TrackingEvent } from '@rastreio/contract';
import type { OutgoingMessage, Publisher } from '@rastreio/kafka';
import type { ClientBase, Pool } from 'pg';
import { HEADER_REPLAY_OF, LETTER, type DeadLetter } from './letters';
import { pagesOf } from './pages';
import { formatPlace, type Place } from './place';
import type { ReadLetter } from './readLetter';
import { isIn, PLACE_COLUMNS, placeColumns, STATES, type Selection } from './selection';

export interface ReplayParts {
  readonly pool: Pool;
  readonly publisher: Publisher;
  readonly read: ReadLetter;
  /** Called when Kafka has the events and the table does not know it yet: where fault tests end the process. */
  readonly beforeMark?: () => void;
}

export interface ReplayOptions {
  readonly selection: Selection;
  readonly limit?: number | undefined;
  /** Say what would be done, and do nothing. */
  readonly dryRun?: boolean;
  /** Also letters that are settled already. */
  readonly again?: boolean;
  readonly note?: string | undefined;
  readonly onReplayed?: (place: Place, event: TrackingEvent) => void;
  readonly onInvalid?: (place: Place, rejections: readonly [Rejection, ...Rejection[]]) => void;
}

export interface ReplaySummary {
  readonly replayed: number;
  /** Still no valid event: nothing was sent. */
  readonly invalid: number;
  /** Settled already, or in the hands of another replay at this moment. */
  readonly skipped: number;
}

interface Sendable {
  readonly letter: DeadLetter;
  readonly events: readonly TrackingEvent[];
}

/**
 * Sends dead letters to the events topic again: corrected, checked by the contract, acknowledged by Kafka, then marked. A crash
 * between the last two leaves them open; replaying them again sends the same events, which the consumer knows by their content.
 * Letters are locked while they are sent, so replays that run at once share the work.
 *
 * @throws what the publisher and the database throw; the letters of the page at hand are then not marked
 */
export async function replay(parts: ReplayParts, options: ReplayOptions): Promise<ReplaySummary> {
  const { selection, limit, dryRun = false, again = false } = options;
  let summary: ReplaySummary = { replayed: 0, invalid: 0, skipped: 0 };
  for await (const places of pagesOf(parts.pool, selection, limit)) {
    const state = again ? STATES.all : STATES.open;
    const take = dryRun ? lookAtPage : sendPage;
    const page = await take(parts, places, state, options);
    summary = {
      replayed: summary.replayed + page.replayed,
      invalid: summary.invalid + page.invalid,
      skipped: summary.skipped + page.skipped,
    };
  }
  return summary;
}

async function lookAtPage(
  { pool, read }: ReplayParts,
  places: readonly Place[],
  state: string,
  options: ReplayOptions,
): Promise<ReplaySummary> {
  const letters = await readLetters(pool, places, state, '');
  const sendable = await judge(letters, read, options);
  tell(sendable, options);
  return summarize(places, letters, sendable);
}

async function sendPage(
  { pool, publisher, read, beforeMark }: ReplayParts,
  places: readonly Place[],
  state: string,
  options: ReplayOptions,
): Promise<ReplaySummary> {
  return inTransaction(pool, async (client) => {
    const letters = await readLetters(client, places, state, 'FOR NO KEY UPDATE SKIP LOCKED');
    const sendable = await judge(letters, read, options);
    if (sendable.length > 0) {
      await publisher.send(sendable.flatMap(toMessages));
      beforeMark?.();
      await client.query(
        `UPDATE eventos_rejeitados SET reprocessado_em = clock_timestamp(), nota = coalesce($5, nota)
         WHERE ${isIn('$1', '$2', '$3', '$4')}`,
        [...placeColumns(sendable.map(({ letter }) => letter)), options.note ?? null],
      );
    }
    return { letters, sendable };
  }).then(({ letters, sendable }) => {
    tell(sendable, options);
    return summarize(places, letters, sendable);
  });
}

async function readLetters(
  db: Pick<ClientBase, 'query'>,
  places: readonly Place[],
  state: string,
  lock: '' | 'FOR NO KEY UPDATE SKIP LOCKED',
): Promise<DeadLetter[]> {
  const { rows } = await db.query<DeadLetter>(
    `SELECT ${LETTER} FROM eventos_rejeitados
     WHERE ${isIn('$1', '$2', '$3', '$4')} AND (${state})
     ORDER BY ${PLACE_COLUMNS} ${lock}`,
    [...placeColumns(places)],
  );
  return rows;
}

async function judge(
  letters: readonly DeadLetter[],
  read: ReadLetter,
  { onInvalid }: ReplayOptions,
): Promise<Sendable[]> {
  const sendable: Sendable[] = [];
  for (const letter of letters) {
    const result = await read(letter);
    if (result.ok) sendable.push({ letter, events: result.events });
    else onInvalid?.(letter, result.rejections);
  }
  return sendable;
}

function tell(sendable: readonly Sendable[], { onReplayed }: ReplayOptions): void {
  for (const { letter, events } of sendable) for (const event of events) onReplayed?.(letter, event);
}

function toMessages({ letter, events }: Sendable): OutgoingMessage[] {
  return events.map((event) => ({
    ...eventMessage(event),
    headers: { [HEADER_REPLAY_OF]: formatPlace(letter) },
  }));
}

function summarize(
  places: readonly Place[],
  letters: readonly DeadLetter[],
  sendable: readonly Sendable[],
): ReplaySummary {
  return {
    replayed: sendable.length,
    invalid: letters.length - sendable.length,
    skipped: places.length - letters.length,
  };
}

async function inTransaction<T>(pool: Pool, run: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await run(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    // Closing the connection rolls back, whatever state it is in.
    client.release(true);
    throw error;
  }
}
