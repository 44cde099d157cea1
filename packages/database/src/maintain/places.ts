import { EXIT, OperatorError } from '@rastreio/runtime';
import type { ClientBase } from 'pg';
import { LOCKS } from '../connect/locks';
import { despiteWriters, inTransaction } from '../connect/transaction';

/** What the dictionary of places knows as one place. */
export interface Place {
  /** The spelling that is shown. */
  readonly lugar: string;
  readonly regiao: string | null;
  /** All spellings, in the order of their texts. */
  readonly grafias: readonly string[];
}

/** What a command of this module did: how many folded names it said something of, and the place that came of it. */
export interface PlaceChange {
  readonly changed: number;
  readonly place: Place;
}

/** What a region may be called, once it is in capitals: an abbreviation or a name, without the slash that stands before it in a key. */
const REGION = /^[\p{L}\p{N}](?:[\p{L}\p{N} .'-]{0,38}[\p{L}\p{N}])?$/u;

const PLACES = 'SELECT lugar, regiao, grafias FROM lugares_conhecidos';
// As it is written, else as it is folded; a name without a region finds the one place of that name.
const FIND = `
  SELECT g.id_lugar AS id, g.chave FROM grafias g, lugar_dito(dobra_lugar($1)) AS f (dita)
  WHERE g.id_lugar <> 0 AND (g.grafia = $1 OR g.dita = f.dita OR g.chave = f.dita
    OR g.nome || '/' = f.dita AND (SELECT count(DISTINCT n.chave) FROM grafias n WHERE n.nome = g.nome) = 1)
  ORDER BY g.grafia = $1 DESC, g.dita = f.dita DESC, g.grafia COLLATE "C" LIMIT 1`;
const SAY = `
  INSERT INTO lugares_ditos (chave, como)
  SELECT DISTINCT dita, $2::text FROM grafias WHERE id_lugar = $1 AND dita <> $2`;
// What one command said has one instant.
const TAKE_BACK = `
  WITH RECURSIVE ditos AS (
    SELECT l.* FROM lugares_ditos l WHERE l.chave = dobra_lugar($1)
    UNION
    SELECT l.* FROM ditos d JOIN lugares_ditos l ON l.chave = d.como
  )
  DELETE FROM lugares_ditos l WHERE l.quando = (SELECT max(quando) FROM ditos)`;

/**
 * Places by the spelling that is shown.
 *
 * @param several only those with more than one spelling
 */
export async function listPlaces(
  client: Pick<ClientBase, 'query'>,
  { several = false }: { readonly several?: boolean } = {},
): Promise<readonly Place[]> {
  const { rows } = await client.query<Place>(
    `${PLACES} WHERE cardinality(grafias) > 1 OR NOT $1 ORDER BY lugar COLLATE "C"`,
    [several],
  );
  return rows;
}

/**
 * Says in which region a place is, in all its spellings; figures follow at once.
 *
 * @param client connected as rastreio_owner, outside any transaction
 * @param spelling any of the place's
 * @throws OperatorError where there is no such place, or it is said already that this region's place is another one
 */
export async function setRegion(client: ClientBase, spelling: string, region: string): Promise<PlaceChange> {
  const wanted = region.normalize('NFC').trim().toUpperCase();
  if (!REGION.test(wanted))
    throw new OperatorError(
      `The region ${JSON.stringify(region)} is not one: write a short code or a name without "/", such as SP.`,
      EXIT.usage,
    );
  return change(client, spelling, async () => {
    const { id, chave } = await find(client, spelling);
    return say(client, id, `${chave.slice(0, chave.lastIndexOf('/'))}/${wanted}`);
  });
}

/**
 * Says that two places are one, under the name and region of the second.
 *
 * @param client connected as rastreio_owner, outside any transaction
 * @throws OperatorError where one of them is not there, or the reverse is said already
 */
export async function mergePlaces(client: ClientBase, spelling: string, into: string): Promise<PlaceChange> {
  return change(client, spelling, async () => {
    const [from, to] = [await find(client, spelling), await find(client, into)];
    return say(client, from.id, to.chave);
  });
}

/**
 * Takes back the last thing that {@link setRegion} or {@link mergePlaces} said of a spelling: all is as if it had never been said.
 *
 * @param client connected as rastreio_owner, outside any transaction
 * @throws OperatorError where nothing was said of it
 */
export async function undoPlace(client: ClientBase, spelling: string): Promise<PlaceChange> {
  return change(client, spelling, async () => {
    await find(client, spelling);
    const { rowCount } = await client.query(TAKE_BACK, [spelling]);
    if (rowCount === 0 || rowCount === null)
      throw new OperatorError(
        `Nothing was said of ${JSON.stringify(spelling)}. "npx rastreio places list" shows the places and their spellings.`,
      );
    return rowCount;
  });
}

/** Counts which spelling of each place is of most parcels, which is the one that is shown from then on, and tells of how many it changed. */
export async function countSpellings(client: Pick<ClientBase, 'query'>): Promise<number> {
  const { rows } = await client.query<{ n: number }>('SELECT escolhe_grafias() AS n');
  return rows[0]?.n ?? 0;
}

async function change(
  client: ClientBase,
  spelling: string,
  edit: () => Promise<number>,
): Promise<PlaceChange> {
  return despiteWriters(() =>
    inTransaction(client, 'BEGIN ISOLATION LEVEL READ COMMITTED', async () => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.places]);
      const changed = await edit();
      if (changed > 0) await client.query('SELECT refaz_grafias()');
      const { rows } = await client.query<Place>(
        `${PLACES} WHERE lugar = (SELECT lugar FROM grafias WHERE id_lugar = $1 LIMIT 1)`,
        [(await find(client, spelling)).id],
      );
      return { changed, place: rows[0] as Place };
    }),
  );
}

async function find(
  client: Pick<ClientBase, 'query'>,
  spelling: string,
): Promise<{ readonly id: number; readonly chave: string }> {
  const { rows } = await client.query<{ id: number; chave: string }>(FIND, [spelling]);
  const [place] = rows;
  if (place === undefined)
    throw new OperatorError(
      `No place is spelled ${JSON.stringify(spelling)}. "npx rastreio places list" shows all of them.`,
    );
  return place;
}

async function say(client: Pick<ClientBase, 'query'>, id: number, key: string): Promise<number> {
  return (await client.query(SAY, [id, key])).rowCount ?? 0;
}
