import { cleanStatus, FINAL_RANK, foldText, nearestStatus } from '@rastreio/contract';
import { EXIT, OperatorError } from '@rastreio/runtime';
import type { ClientBase } from 'pg';
import { LOCKS } from '../connect/locks';
import { despiteWriters, inTransaction } from '../connect/transaction';
import type { RankedStatus } from '../schema/catalogue';
import { applyWords, type ApplyOptions } from './applyWords';
import type { ExchangedWords } from './exchangeWords';
import { readStatuses } from './unknownWords';
import type { WordKey, WordKind } from './words';

/** A word as a person writes it. */
export interface WrittenWord {
  /** Left out: whatever the carrier. */
  readonly carrier?: string | undefined;
  readonly kind: WordKind;
  readonly word: string;
}

type EditOptions = Pick<ApplyOptions, 'onPart' | 'beforeCommit' | 'parcels'>;

/** Moves the version while no batch is under way: each batch goes by the words of before or by those of after, as a whole. */
const MOVE_VERSION = 'UPDATE versao_do_esquema SET versao_palavras = versao_palavras + 1';
const KEY = '(transportadora, tipo, palavra) = ($1, $2, $3)';

/**
 * Gives a word a meaning, and then all that is stored with it. Run again after it was ended, it goes on where it was.
 *
 * @param client connected as rastreio_owner, outside any transaction
 * @throws OperatorError when the word or the status is none that can be used; nothing is changed then
 */
export async function mapWord(
  client: ClientBase,
  written: WrittenWord,
  meaning: string,
  options: EditOptions = {},
): Promise<ExchangedWords> {
  const key = keyOf(written);
  const status = cleanStatus(meaning);
  const isNew = await edit(client, async () => {
    const catalogue = await readStatuses(client);
    assertStatus(status, catalogue);
    assertMayMap(written, catalogue);
    const { rows } = await client.query<{ same: boolean; pending: boolean; own: boolean }>(
      `SELECT status IS NOT DISTINCT FROM $4 AS same, provisorio IS NOT NULL AS pending, ${KEY} AS own
       FROM apelidos_status WHERE tipo = $2 AND palavra = $3`,
      [...valuesOf(key), status],
    );
    if (rows.some(({ pending }) => pending)) throw beingAdded(key.palavra);
    const own = rows.find((row) => row.own);
    if (own?.same !== true) {
      await client.query(
        `INSERT INTO apelidos_status (transportadora, tipo, palavra, status) VALUES ($1, $2, $3, $4)
         ON CONFLICT (transportadora, tipo, palavra) DO UPDATE
           SET status = excluded.status, criado_em = now(), criado_por = session_user, aplicado_em = NULL`,
        [...valuesOf(key), status],
      );
      await client.query(MOVE_VERSION);
    }
    return rows.length === 0 && key.tipo === 'texto';
  });
  const storedAs = isNew ? await spellingsOf(client, key.palavra) : undefined;
  const exchanged = await applyWords(client, { ...options, storedAs });
  await client.query(
    `UPDATE apelidos_status SET aplicado_em = now() WHERE ${KEY} AND status = $4 AND aplicado_em IS NULL`,
    [...valuesOf(key), status],
  );
  return exchanged;
}

/**
 * Takes a word's meaning back: all is as if it had never had one. Run again after it was ended, it goes on where it was.
 *
 * @param client connected as rastreio_owner, outside any transaction
 * @throws OperatorError when the word has no meaning
 */
export async function unmapWord(
  client: ClientBase,
  written: WrittenWord,
  options: EditOptions = {},
): Promise<ExchangedWords> {
  const key = keyOf(written);
  await edit(client, async () => {
    const { rows } = await client.query<{ pending: string | null }>(
      `SELECT provisorio AS pending FROM apelidos_status WHERE ${KEY} FOR UPDATE`,
      valuesOf(key),
    );
    if (rows[0] === undefined) throw unmapped(written);
    if (rows[0].pending !== null) throw beingAdded(key.palavra);
    await client.query(
      `UPDATE apelidos_status SET status = NULL, aplicado_em = NULL WHERE ${KEY} AND status IS NOT NULL`,
      valuesOf(key),
    );
    await client.query(MOVE_VERSION);
  });
  const exchanged = await applyWords(client, options);
  await client.query(`DELETE FROM apelidos_status WHERE ${KEY} AND status IS NULL`, valuesOf(key));
  return exchanged;
}

export interface AddedStatus extends ExchangedWords {
  /** Whether events that db:retain removed or will remove next have it: figures of their parcels then need db:rebuild. */
  readonly hasOldEvents: boolean;
}

/** Behind the name of a status that is being added, of events which wait for it. */
const WAITING = ' [NOVO]';
const MAX_NAME = 100 - WAITING.length;

/**
 * Adds a status to the catalogue. Events that have it already count as unknown until then: they first wait under another text, part by part,
 * so that none has it while the catalogue learns it, and then get it back. Run again after it was ended, it goes on where it was.
 *
 * @param client connected as rastreio_owner, outside any transaction
 * @throws OperatorError when the catalogue has the name or the rank, or finality and rank contradict each other
 */
export async function addStatus(
  client: ClientBase,
  added: RankedStatus,
  options: EditOptions = {},
): Promise<AddedStatus> {
  const status = cleanStatus(added.status);
  assertRank({ ...added, status });
  const key: WordKey = { transportadora: '', tipo: 'texto', palavra: foldText(status) };
  const isThere = await edit(client, async () => {
    const catalogue = await readStatuses(client);
    const same = catalogue.find((one) => one.status === status);
    if (same !== undefined && same.rank === added.rank && same.terminal === added.terminal) return true;
    assertAddable({ ...added, status }, catalogue);
    const { rows } = await client.query<{ status: string | null; carrier: string; own: boolean }>(
      `SELECT status, transportadora AS carrier, provisorio = $2 AS own FROM apelidos_status WHERE palavra = $1 AND tipo = 'texto'`,
      [key.palavra, status + WAITING],
    );
    const other = rows.find(({ own }) => !own);
    if (other !== undefined) throw isMapped(status, other.carrier, other.status);
    if (rows.length > 0) return false;
    await client.query(
      'INSERT INTO apelidos_status (transportadora, tipo, palavra, provisorio) VALUES ($1, $2, $3, $4)',
      [...valuesOf(key), status + WAITING],
    );
    await client.query(MOVE_VERSION);
    return false;
  });
  const spellings = await spellingsOf(client, key.palavra);
  let exchanged = { events: 0, corrections: 0 };
  if (!isThere) {
    exchanged = await applyWords(client, { ...options, storedAs: spellings });
    await edit(client, async () => {
      await client.query('INSERT INTO catalogo_status (status, ordem, terminal) VALUES ($1, $2, $3)', [
        ...[status, added.rank, added.terminal],
      ]);
      await client.query(`DELETE FROM apelidos_status WHERE ${KEY}`, valuesOf(key));
      await client.query(MOVE_VERSION);
    });
  }
  const back = await applyWords(client, { ...options, storedAs: [status + WAITING] });
  const events = Math.max(exchanged.events, back.events);
  return {
    events,
    corrections: Math.max(exchanged.corrections, back.corrections),
    hasOldEvents: await hasOldEvents(client, status),
  };
}

async function edit<T>(client: ClientBase, run: () => Promise<T>): Promise<T> {
  return despiteWriters(() =>
    inTransaction(client, 'BEGIN ISOLATION LEVEL READ COMMITTED', async () => {
      await client.query('SELECT pg_advisory_xact_lock_shared($1)', [LOCKS.schema]);
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.corrections]);
      return run();
    }),
  );
}

/** The texts that events are stored with and that fold to a word. */
async function spellingsOf(client: ClientBase, folded: string): Promise<string[]> {
  const { rows } = await client.query<{ status: string }>('SELECT DISTINCT status FROM resumo_historico');
  return rows.map(({ status }) => status).filter((status) => foldText(status) === folded);
}

async function hasOldEvents(client: ClientBase, status: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM removidos_historico WHERE status = $1)
         OR EXISTS (SELECT FROM eventos_anteriores WHERE status_rastreamento = $1)
         OR EXISTS (SELECT FROM eventos_rastreamento WHERE data_evento < (SELECT horizonte FROM retencao) AND status_rastreamento = $1) AS found`,
    [status],
  );
  return rows[0]?.found === true;
}

function keyOf({ carrier = '', kind, word }: WrittenWord): WordKey {
  return { transportadora: foldText(carrier), tipo: kind, palavra: foldText(word) };
}

function valuesOf({ transportadora, tipo, palavra }: WordKey): [string, string, string] {
  return [transportadora, tipo, palavra];
}

function assertStatus(status: string, catalogue: readonly RankedStatus[]): void {
  if (catalogue.some((one) => one.status === status)) return;
  const nearest = nearestStatus(status, catalogue) ?? nearestStatus(status);
  throw new OperatorError(
    `${JSON.stringify(status)} is no status of the catalogue; ` +
      (nearest === null
        ? `use one of ${catalogue.map((one) => one.status).join(', ')}, or add it by "rastreio status add"`
        : `did you mean ${nearest}? Else add it by "rastreio status add"`),
    EXIT.usage,
  );
}

function assertMayMap({ carrier, kind, word }: WrittenWord, catalogue: readonly RankedStatus[]): void {
  if (foldText(word) === '')
    throw new OperatorError(
      'The word is empty; give the text or the code that the carrier sends.',
      EXIT.usage,
    );
  if (kind === 'codigo' && foldText(carrier ?? '') === '')
    throw new OperatorError(
      `A code is one carrier's: say which by --carrier, as its events have it in transportadora.`,
      EXIT.usage,
    );
  if (kind === 'texto' && catalogue.some(({ status }) => status === cleanStatus(word)))
    throw new OperatorError(
      `${cleanStatus(word)} is a status of the catalogue, and whoever sends it gets it. Where a carrier means something else by one of its codes, map the code (--code).`,
      EXIT.usage,
    );
}

function assertRank({ status, rank, terminal }: RankedStatus): void {
  if (status === '' || [...status].length > MAX_NAME)
    throw new OperatorError(
      `A status has 1 to ${MAX_NAME} characters; ${JSON.stringify(status)} has ${[...status].length}.`,
      EXIT.usage,
    );
  if (!Number.isInteger(rank) || rank < 1 || rank > 32_767)
    throw new OperatorError(`--rank ${rank} is no rank; use a whole number from 1 to 32767.`, EXIT.usage);
  if (terminal === rank >= FINAL_RANK) return;
  throw new OperatorError(
    terminal
      ? `--rank ${rank} is that of a status that parcels leave; a final one has ${FINAL_RANK} or more.`
      : `--rank ${rank} is that of a final status; add --final, or give a rank below ${FINAL_RANK}.`,
    EXIT.usage,
  );
}

function assertAddable({ status, rank }: RankedStatus, catalogue: readonly RankedStatus[]): void {
  const same = catalogue.find((one) => one.status === status);
  if (same !== undefined)
    throw new OperatorError(
      `${status} is in the catalogue already, with rank ${same.rank}, ${same.terminal ? 'final' : 'not final'}; nothing was changed.`,
      EXIT.usage,
    );
  const taken = catalogue.find((one) => one.rank === rank);
  if (taken === undefined) return;
  throw new OperatorError(
    `Rank ${rank} is that of ${taken.status}; give another one. Taken are ${catalogue.map((one) => one.rank).join(', ')}.`,
    EXIT.usage,
  );
}

function unmapped({ carrier, kind, word }: WrittenWord): OperatorError {
  const what = kind === 'codigo' ? 'The code' : 'The word';
  const whose = carrier === undefined ? '' : ` of ${foldText(carrier)}`;
  return new OperatorError(
    `${what} ${JSON.stringify(word)}${whose} has no meaning; "rastreio status list" shows those that have one, with their carriers.`,
    EXIT.usage,
  );
}

function beingAdded(word: string): OperatorError {
  return new OperatorError(
    `${word} is being added as a status, and that has not come to its end; run the same "rastreio status add" again first.`,
  );
}

function isMapped(status: string, carrier: string, meaning: string | null): OperatorError {
  const unmap = `rastreio status unmap${carrier === '' ? '' : ` --carrier ${JSON.stringify(carrier)}`} ${JSON.stringify(status)}`;
  return new OperatorError(
    `${status} is a word for ${meaning ?? 'another status, being taken back'}; run '${unmap}' first, so that it can be a status of its own.`,
    EXIT.usage,
  );
}
