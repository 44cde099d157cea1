import type { ClientBase } from 'pg';

/** Numbers that a connection remembers: some 10 MB of names. A feed with more of them at once only loses the speed. */
const MAX_NUMBERS = 100_000;

/** By carrier, then by tracking number: put together they would be one more text for each event. */
type Numbers = Map<string, Map<string, number>>;

interface Known {
  readonly version: string;
  readonly numbers: Numbers;
}

const KNOWN = new WeakMap<ClientBase, Known>();

/**
 * What `codigos` says as far as it can have changed for a name that is in it: a number that was given here was joined to its sender's, or the
 * table is another one (restored, emptied, of another server behind one connection). For the statement that begins a batch.
 */
export const NUMBERS_VERSION = `concat_ws(' ', juncoes, pg_relation_filenode('codigos'), pg_postmaster_start_time())`;

/** The numbers of tracking numbers that this connection has seen, they hold for one version only. */
export function knownNumbers(client: ClientBase, version: string): Numbers {
  const known = KNOWN.get(client);
  if (known?.version === version && sizeOf(known.numbers) < MAX_NUMBERS) return known.numbers;
  const numbers: Numbers = new Map();
  KNOWN.set(client, { version, numbers });
  return numbers;
}

/** After a transaction that came to nothing: what it gave is not there. */
export function forgetNumbers(client: ClientBase): void {
  KNOWN.delete(client);
}

function sizeOf(numbers: Numbers): number {
  let size = 0;
  for (const ofCarrier of numbers.values()) size += ofCarrier.size;
  return size;
}
