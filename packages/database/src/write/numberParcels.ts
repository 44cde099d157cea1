import { isNumbered } from '@rastreio/contract';
import type { ClientBase } from 'pg';
import { CodeConflictError } from '../connect/sqlstate';
import type { NumberedReceived, ReceivedEvent } from './batch';
import { knownNumbers } from './knownNumbers';
import { receivedEvent } from './receivedEvent';

// Statement after statement, so that each sees what others committed while the one before waited for them. In one order, so that batches
// with the same new tracking numbers wait for each other and do not deadlock; the look-up before keeps numbers from being used up in vain.
// Each tracking number is one look into the index: a join would read the whole table for each batch, until it is analyzed.
const LOOK_UP = `
  SELECT u.n::int, c.id_pacote::float8
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u (transportadora, codigo, n)
  CROSS JOIN LATERAL (
    SELECT id_pacote FROM codigos WHERE (transportadora, codigo) = (u.transportadora, u.codigo) OFFSET 0
  ) AS c`;
const GIVE = `
  INSERT INTO codigos (transportadora, codigo, id_pacote)
  SELECT u.transportadora, u.codigo, coalesce(u.id, nextval('numeros_dados'))
  FROM (
    SELECT transportadora COLLATE "C" AS transportadora, codigo COLLATE "C" AS codigo, id
    FROM unnest($1::text[], $2::text[], $3::bigint[]) AS u (transportadora, codigo, id) ORDER BY 1, 2
  ) AS u
  ON CONFLICT DO NOTHING
  RETURNING transportadora, codigo, id_pacote::float8`;
const JOIN = 'SELECT junta_numeros($1::bigint[], $2::bigint[])';
/** Numbers joined by one statement: all that is stored of them is exchanged at once, and held in memory. */
const JOINED_AT_ONCE = 500;

/** A parcel that was numbered here turns out to have a sender's number: the batch has to be written alone. */
export class NumbersToJoinError extends Error {
  override readonly name = 'NumbersToJoinError';
}

/** A carrier's tracking number in a batch, and the parcel's number where an event says it. */
interface Code {
  readonly transportadora: string;
  readonly codigo: string;
  said: number | null;
  id: number | null;
}

export interface NumberingOptions {
  /** Whether the transaction holds the lock of corrections alone, as joining needs. */
  readonly isAlone: boolean;
  /** See {@link knownNumbers}. */
  readonly version: string;
}

interface Numbered {
  readonly events: readonly NumberedReceived[];
  /** To be called after the commit: the process knows the numbers from then on. */
  readonly remember: () => void;
}

/**
 * Gives every event its parcel's number, within the caller's transaction: its own, or that of its carrier's tracking number, which is
 * the one that an event said with it, or else one that the database gives. A tracking number has one parcel for ever, whoever
 * asks first and however many at once: the primary key of `codigos` makes the others wait and then see it. Where an event says the number
 * of one that was given a number before, all that is stored moves to the number that is said.
 *
 * @throws NumbersToJoinError when there is something to join and the transaction is not alone
 * @throws CodeConflictError when an event says another number than the one that its tracking number has
 */
export async function numberParcels(
  client: ClientBase,
  events: readonly ReceivedEvent[],
  { isAlone, version }: NumberingOptions,
): Promise<Numbered> {
  const { named, codes } = codesOf(events);
  if (codes.length === 0) return { events: events as readonly NumberedReceived[], remember: () => undefined };
  const known = knownNumbers(version);
  const settle = (found: readonly Found[]) => settleAll(client, found, isAlone);
  const seen: Found[] = [];
  for (const code of codes) {
    const id = known.get(code.transportadora, code.codigo);
    if (id !== undefined) seen.push([code, id]);
  }
  await settle(seen);
  const fresh = unsettled(codes);
  await settle(await lookUp(client, fresh));
  await settle(await give(client, unsettled(fresh)));
  // What others gave a moment ago.
  await settle(await lookUp(client, unsettled(fresh)));
  return {
    events: events.map((event, i) =>
      isNumbered(event)
        ? event
        : (receivedEvent(event, event.recebido_em, idOf(named[i])) as NumberedReceived),
    ),
    remember() {
      for (const code of codes) known.set(code.transportadora, code.codigo, idOf(code));
    },
  };
}

/** A code, and the number that it has. */
type Found = readonly [code: Code, id: number];

/** Of each event the code that it names, and each code once. */
function codesOf(events: readonly ReceivedEvent[]): {
  readonly named: readonly (Code | undefined)[];
  readonly codes: readonly Code[];
} {
  const named = new Array<Code | undefined>(events.length);
  const codes: Code[] = [];
  const carriers = new Map<string, Map<string, Code>>();
  let carrier: string | undefined;
  let ofCarrier = new Map<string, Code>();
  for (let i = 0; i < events.length; i++) {
    const { transportadora, codigo, id_pacote } = events[i] as ReceivedEvent;
    if (codigo === undefined || transportadora === undefined) continue;
    if (transportadora !== carrier) {
      carrier = transportadora;
      ofCarrier = carriers.get(transportadora) ?? new Map<string, Code>();
      carriers.set(transportadora, ofCarrier);
    }
    let code = ofCarrier.get(codigo);
    if (code === undefined) {
      code = { transportadora, codigo, said: null, id: null };
      ofCarrier.set(codigo, code);
      codes.push(code);
    }
    if (id_pacote !== undefined && (code.said ??= id_pacote) !== id_pacote) throw conflict(code, id_pacote);
    named[i] = code;
  }
  return { named, codes };
}

function unsettled(codes: readonly Code[]): Code[] {
  return codes.filter(({ id }) => id === null);
}

/** Each code gets the number that it has, joined to the one that is said with it. */
async function settleAll(client: ClientBase, found: readonly Found[], isAlone: boolean): Promise<void> {
  let waiting: { readonly given: number; readonly said: number }[] = [];
  for (const [code, id] of found) {
    code.id = code.said ?? id;
    if (code.id === id) continue;
    if (id > 0) throw conflict(code, id);
    if (!isAlone) throw new NumbersToJoinError(`${code.codigo} of ${code.transportadora}`);
    waiting.push({ given: id, said: code.id });
  }
  while (waiting.length > 0) {
    // Two tracking numbers of one parcel come one after the other.
    const taken = new Map<number, number>();
    const left: typeof waiting = [];
    for (const pair of waiting)
      if (taken.size < JOINED_AT_ONCE && !taken.has(pair.said)) taken.set(pair.said, pair.given);
      else left.push(pair);
    await client.query(JOIN, [[...taken.values()], [...taken.keys()]]);
    waiting = left;
  }
}

async function lookUp(client: ClientBase, codes: readonly Code[]): Promise<Found[]> {
  if (codes.length === 0) return [];
  const { rows } = await client.query<[n: number, id: number]>({
    text: LOOK_UP,
    values: namesOf(codes),
    rowMode: 'array',
  });
  return rows.map(([n, id]) => [codes[n - 1] as Code, id]);
}

/** Gives numbers to codes that have none; without those to which somebody else gives one at the same time. */
async function give(client: ClientBase, codes: readonly Code[]): Promise<Found[]> {
  if (codes.length === 0) return [];
  const { rows } = await client.query<[transportadora: string, codigo: string, id: number]>({
    text: GIVE,
    values: [
      ...namesOf(codes),
      codes.some(({ said }) => said !== null) ? codes.map(({ said }) => said) : null,
    ],
    rowMode: 'array',
  });
  // Neither part has U+0000.
  const byName = new Map(codes.map((code) => [`${code.transportadora}\0${code.codigo}`, code]));
  return rows.map(([transportadora, codigo, id]) => [byName.get(`${transportadora}\0${codigo}`) as Code, id]);
}

/** Carriers and tracking numbers as parameters. */
function namesOf(codes: readonly Code[]): string[][] {
  return [codes.map(({ transportadora }) => transportadora), codes.map(({ codigo }) => codigo)];
}

function idOf(code: Code | undefined): number {
  // Given a moment ago, in this transaction or in one that was waited for; rows of codigos are never removed. So the number is taken:
  // the sequence stands behind numbers that it has given, as after a copy of tables without it.
  if (code === undefined || code.id === null)
    throw new RangeError(
      `no number for ${code?.codigo} of ${code?.transportadora}: the sequence numeros_dados gives numbers that are taken; set it behind them by ` +
        `SELECT setval('numeros_dados', (SELECT min(id_pacote) FROM codigos))`,
    );
  return code.id;
}

function conflict({ transportadora, codigo, said }: Code, other: number): CodeConflictError {
  return new CodeConflictError(
    `the tracking number ${codigo} of ${transportadora} is that of parcel ${other}, and here the event says id_pacote ${said}; ` +
      'send the number that belongs to it, or leave id_pacote out',
  );
}
