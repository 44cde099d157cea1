import { isNumbered } from '@rastreio/contract';
import type { ClientBase } from 'pg';
import { CodeConflictError } from '../connect/sqlstate';
import type { NumberedReceived, ReceivedEvent } from './batch';

// Statement after statement, so that each sees what others committed while the one before waited for them. In one order, so that batches
// with the same new tracking numbers wait for each other and do not deadlock; the look-up before keeps numbers from being used up in vain.
const LOOK_UP = `
  SELECT u.n::int AS n, c.id_pacote::float8 AS id
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u (transportadora, codigo, n)
  JOIN codigos c USING (transportadora, codigo)`;
const GIVE = `
  INSERT INTO codigos (transportadora, codigo, id_pacote)
  SELECT u.transportadora, u.codigo, coalesce(u.id, nextval('numeros_dados'))
  FROM (
    SELECT transportadora COLLATE "C" AS transportadora, codigo COLLATE "C" AS codigo, id
    FROM unnest($1::text[], $2::text[], $3::bigint[]) AS u (transportadora, codigo, id) ORDER BY 1, 2
  ) AS u
  ON CONFLICT DO NOTHING`;

const JOIN = 'SELECT junta_numeros($1, $2)';

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

/**
 * Gives every event its parcel's number, within the caller's transaction: its own, or that of its carrier's tracking number, which is
 * the one that an event said with it, or else one that the database gives. A tracking number has one parcel for ever, whoever
 * asks first and however many at once: the primary key of `codigos` makes the others wait and then see it. Where an event says the number
 * of one that was given a number before, all that is stored moves to the number that is said.
 *
 * @param isAlone whether the transaction holds the lock of corrections alone, as joining needs
 * @throws NumbersToJoinError when there is something to join and the transaction is not alone
 * @throws CodeConflictError when an event says another number than the one that its tracking number has
 */
export async function numberParcels(
  client: ClientBase,
  events: readonly ReceivedEvent[],
  isAlone: boolean,
): Promise<readonly NumberedReceived[]> {
  const codes = codesOf(events);
  if (codes.size === 0) return events as readonly NumberedReceived[];
  const all = [...codes.values()];
  await lookUp(client, all, isAlone);
  const unknown = all.filter(({ id }) => id === null);
  if (unknown.length > 0) {
    await client.query(GIVE, [
      unknown.map(({ transportadora }) => transportadora),
      unknown.map(({ codigo }) => codigo),
      unknown.map(({ said }) => said),
    ]);
    await lookUp(client, unknown, isAlone);
  }
  return events.map((event) => {
    const code = codes.get(nameOf(event));
    return isNumbered(event) ? event : { ...event, id_pacote: idOf(code) };
  });
}

/** By name, those that events of the batch have. */
function codesOf(events: readonly ReceivedEvent[]): Map<string, Code> {
  const codes = new Map<string, Code>();
  for (const event of events) {
    const { transportadora, codigo, id_pacote } = event;
    if (codigo === undefined || transportadora === undefined) continue;
    const name = nameOf(event);
    const code = codes.get(name);
    if (code === undefined) codes.set(name, { transportadora, codigo, said: id_pacote ?? null, id: null });
    else if (id_pacote !== undefined && (code.said ??= id_pacote) !== id_pacote)
      throw conflict(code, id_pacote);
  }
  return codes;
}

/** Neither part has U+0000. */
function nameOf({ transportadora, codigo }: ReceivedEvent): string {
  return `${transportadora}\0${codigo}`;
}

async function lookUp(client: ClientBase, codes: readonly Code[], isAlone: boolean): Promise<void> {
  const { rows } = await client.query<{ n: number; id: number }>(LOOK_UP, [
    codes.map(({ transportadora }) => transportadora),
    codes.map(({ codigo }) => codigo),
  ]);
  const toJoin: (readonly [given: number, Code])[] = [];
  for (const { n, id } of rows) {
    const code = codes[n - 1] as Code;
    code.id = code.said ?? id;
    if (code.id !== id) toJoin.push([id, code]);
  }
  for (const [given, code] of toJoin) await join(client, given, code, isAlone);
}

async function join(client: ClientBase, given: number, code: Code, isAlone: boolean): Promise<void> {
  if (given > 0) throw conflict(code, given);
  if (!isAlone) throw new NumbersToJoinError(`${code.codigo} of ${code.transportadora}`);
  await client.query(JOIN, [given, code.said]);
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
