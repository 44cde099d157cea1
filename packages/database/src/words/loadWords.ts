import type { ClientBase } from 'pg';
import type { RankedStatus } from '../schema/catalogue';
import { wordsOf, type Alias, type Words } from './words';

// While a status is being added, its events wait under another one.
const READ = `
  SELECT
    (SELECT jsonb_agg(jsonb_build_object('status', status, 'rank', ordem, 'terminal', terminal) ORDER BY ordem) FROM catalogo_status) AS catalogue,
    (SELECT jsonb_agg(jsonb_build_object('transportadora', transportadora, 'tipo', tipo, 'palavra', palavra, 'status', coalesce(status, provisorio)))
     FROM apelidos_status WHERE coalesce(status, provisorio) IS NOT NULL) AS aliases`;

const loaded = new WeakMap<ClientBase, { readonly version: string; readonly words: Words }>();

/**
 * The words that a connection's database knows, read when the version is another one than at the last time.
 *
 * @param version `versao_palavras`, read within the same transaction while words cannot change (see LOCKS.corrections)
 */
export async function wordsAt(client: ClientBase, version: string): Promise<Words> {
  const known = loaded.get(client);
  if (known?.version === version) return known.words;
  const { rows } = await client.query<{
    catalogue: readonly RankedStatus[] | null;
    aliases: readonly Alias[] | null;
  }>(READ);
  const words = wordsOf(rows[0]?.catalogue ?? [], rows[0]?.aliases ?? []);
  loaded.set(client, { version, words });
  return words;
}

/**
 * The words that a database knows at the moment. Where they change between the two statements, newer words stand under the older version, and
 * the next look at the version reads them again.
 */
export async function readWords(client: ClientBase): Promise<Words> {
  const { rows } = await client.query<{ version: string }>(
    'SELECT versao_palavras::text AS version FROM versao_do_esquema',
  );
  return wordsAt(client, rows[0]?.version ?? '');
}
