import { isNumbered } from '@rastreio/contract';
import type { ClientBase } from 'pg';
import { CodeConflictError } from '../connect/sqlstate';
import type { NumberedReceived, ReceivedEvent } from './batch';
import { knownNumbers } from './knownNumbers';
import { receivedEvent } from './receivedEvent';
import { NumbersToJoinError, type NumbersToJoin } from './tryAgain';

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

/** A carrier's tracking number in a batch, and the parcel's number where an event says it. */
interface Code {
  readonly transportadora: string;
  readonly codigo: string;
  said: number | null;
  id: number | null;
}

interface Numbered {
  readonly events: readonly NumberedReceived[];
  /** To be called after the commit: the process knows the numbers from then on. */
  readonly remember: () => void;
}

/**
 * Gives every event its parcel's number, within the caller's transaction: its own, or that of its carrier's tracking number, which is
 * the one that an event said with it, or else one that the database gives. A tracking number has one parcel for ever, whoever
 * asks first and however many at once: the primary key of `codigos` makes the others wait and then see it.
 *
 * @param version see {@link knownNumbers}
 * @throws NumbersToJoinError when events say the numbers of tracking numbers that were given numbers before
 * @throws CodeConflictError when an event says another number than the one that its tracking number has
 */
export async function numberParcels(
  client: ClientBase,
  events: readonly ReceivedEvent[],
  version: string,
): Promise<Numbered> {
  const { named, codes } = codesOf(events);
  if (codes.length === 0) return { events: events as readonly NumberedReceived[], remember: () => undefined };
  const known = knownNumbers(version);
  const seen: Found[] = [];
  const fresh: Code[] = [];
  for (const code of codes) {
    const id = known.get(code.transportadora, code.codigo);
    if (id === undefined) fresh.push(code);
    else seen.push([code, id]);
  }
  settle([...seen, ...(await lookUp(client, fresh))]);
  settle(await give(client, unsettled(fresh)));
  // What others gave a moment ago.
  settle(await lookUp(client, unsettled(fresh)));
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

/** Each code gets the number that it has. */
function settle(found: readonly Found[]): void {
  const pairs: NumbersToJoin[] = [];
  for (const [code, id] of found) {
    code.id = code.said ?? id;
    if (code.id === id) continue;
    if (id > 0) throw conflict(code, id);
    pairs.push({ given: id, said: code.id });
  }
  if (pairs.length > 0) throw new NumbersToJoinError(pairs);
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
