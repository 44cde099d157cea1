import type { ClientBase } from 'pg';
import type { ReceivedEvent } from './batch';

/** The spellings of places that a connection knows to be in the dictionary, since it has committed them or a batch with them. */
const known = new WeakMap<ClientBase, Set<string>>();
/** Beyond so many they are forgotten and asked for again: memory is bounded whatever carriers write. */
const MOST_KNOWN = 100_000;

const NOTE = 'SELECT anota_grafias($1::text[])';

/**
 * Tells the dictionary of places which spellings it may not have, within the caller's transaction and before any parcel is locked. Of a
 * connection's batches nearly all have none, and then nothing is asked.
 *
 * @returns to be called after the commit: the connection knows them from then on
 */
export async function noteSpellings(
  client: ClientBase,
  events: readonly ReceivedEvent[],
): Promise<() => void> {
  const before = knownTo(client);
  const fresh = new Set<string>();
  for (const { origem, destino } of events) {
    if (origem !== undefined && !before.has(origem)) fresh.add(origem);
    if (destino !== undefined && !before.has(destino)) fresh.add(destino);
  }
  if (fresh.size === 0) return () => undefined;
  await client.query(NOTE, [[...fresh]]);
  return () => {
    if (before.size + fresh.size > MOST_KNOWN) before.clear();
    for (const spelling of fresh) before.add(spelling);
  };
}

function knownTo(client: ClientBase): Set<string> {
  const found = known.get(client);
  if (found !== undefined) return found;
  const made = new Set<string>();
  known.set(client, made);
  return made;
}
