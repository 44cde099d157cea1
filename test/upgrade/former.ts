import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { withClient } from '@rastreio/database';
import { STATUS_CATALOGUE } from '@rastreio/contract';
import type { ClientBase, QueryResult } from 'pg';
import { emptyDatabase, type TestDatabase, type TestServer } from '@rastreio/testing/servers';

/** The 25 migrations of the version before 0.1.0: made once from sql/migrations of commit e628869, each after a line with its name. */
const FORMER = gunzipSync(readFileSync(path.join(__dirname, 'former-schema.sql.gz'))).toString('utf8');
const MIGRATIONS = [...FORMER.matchAll(/^-- Migration (\w+)\n([^]*?)(?=^-- Migration |(?![^]))/gm)].map(
  ([, name = '', sql = '']) => ({ name, sql }),
);

/**
 * A database as the version before 0.1.0 left it.
 *
 * @param count so many of its migrations, from the first on; left out: all
 */
export async function formerDatabase(server: TestServer, count = MIGRATIONS.length): Promise<TestDatabase> {
  const database = await emptyDatabase(server);
  await withClient(database.ownerUrl, async (client) => {
    await client.query(
      'CREATE TABLE migracoes (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)',
    );
    for (const { name, sql } of MIGRATIONS.slice(0, count)) {
      await client.query(`BEGIN; ${sql}; COMMIT`);
      await client.query('INSERT INTO migracoes (name, run_on) VALUES ($1, now())', [name]);
    }
  });
  return database;
}

/** The generation of that version's writer (`WRITER_GENERATION`). */
const FORMER_GENERATION = 2;

/** Its account of a batch: what later migrations brought is not in it. */
const FORMER_ACCOUNTS = `
  INSERT INTO ingestao AS i (minuto, topico, particao, consumidos, inseridos, duplicados, rejeitados, recebido_ate)
  VALUES (date_trunc('minute', now()), $1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (minuto, topico, particao) DO UPDATE SET
    consumidos = i.consumidos + excluded.consumidos, inseridos = i.inseridos + excluded.inseridos,
    duplicados = i.duplicados + excluded.duplicados, rejeitados = i.rejeitados + excluded.rejeitados,
    recebido_ate = greatest(i.recebido_ate, excluded.recebido_ate)`;

const FORMER_COLUMNS =
  'id_pacote, origem, destino, data_inicio, status_atual, data_status, ordem_status, data_entrega, data_tentativa';
const EARLIER = `(excluded.data_inicio, excluded.origem COLLATE "C", excluded.destino COLLATE "C")
  < (p.data_inicio, p.origem COLLATE "C", p.destino COLLATE "C")`;
const LATER = `(excluded.data_status, excluded.ordem_status, excluded.status_atual COLLATE "C")
  > (p.data_status, p.ordem_status, p.status_atual COLLATE "C")`;
/** Its merge of a batch's parcels: the latest event is the current status, whatever it says. */
const FORMER_MERGE = `
  WITH merged AS (
    INSERT INTO pacotes AS p (${FORMER_COLUMNS}) SELECT ${FORMER_COLUMNS} FROM pg_temp.lote_pacotes ORDER BY id_pacote
    ON CONFLICT (id_pacote) DO UPDATE SET
      origem = CASE WHEN ${EARLIER} THEN excluded.origem ELSE p.origem END,
      destino = CASE WHEN ${EARLIER} THEN excluded.destino ELSE p.destino END,
      data_inicio = least(p.data_inicio, excluded.data_inicio),
      status_atual = CASE WHEN ${LATER} THEN excluded.status_atual ELSE p.status_atual END,
      ordem_status = CASE WHEN ${LATER} THEN excluded.ordem_status ELSE p.ordem_status END,
      data_status = greatest(p.data_status, excluded.data_status),
      data_entrega = greatest(p.data_entrega, excluded.data_entrega),
      data_tentativa = least(p.data_tentativa, excluded.data_tentativa)
    RETURNING p.xmax
  )
  SELECT count(*)::int AS inserted FROM merged WHERE xmax = 0`;

/** Its look at a batch's parcels. */
const FORMER_LOOK = `
  SELECT l.id_pacote::float8, p.status_atual, (extract(epoch FROM p.data_status) * 1000000)::float8, l.data_inicio <= p.data_status, p.status_atual, NULL
  FROM (SELECT id_pacote, data_inicio FROM pg_temp.lote_pacotes ORDER BY id_pacote) AS l
  CROSS JOIN LATERAL (
    SELECT status_atual, data_status FROM pacotes WHERE id_pacote = l.id_pacote FOR NO KEY UPDATE
  ) AS p`;

const FORMER_EVENT_COLUMNS = 'id_pacote, data_evento, status_rastreamento, recebido_em';
const FORMER_STAGED_EVENTS = `
  INSERT INTO eventos_rastreamento (${FORMER_EVENT_COLUMNS}) SELECT ${FORMER_EVENT_COLUMNS} FROM pg_temp.lote_eventos
  ON CONFLICT DO NOTHING
  RETURNING id_pacote::text, data_evento::text, status_rastreamento, recebido_em::text`;
/** What today's writer copies has columns that its table lacked: it is copied beside it, and put into it from there. */
const FORMER_FRESH_EVENTS = `
  INSERT INTO eventos_rastreamento (${FORMER_EVENT_COLUMNS}) SELECT ${FORMER_EVENT_COLUMNS} FROM pg_temp.lote_eventos;
  DELETE FROM pg_temp.lote_eventos`;

/** A database asks for newer writers than that version's. */
export class FormerWriterRefused extends Error {}

/**
 * A connection on which today's `writeBatch` writes events as that version did, and is refused as it is.
 *
 * @throws FormerWriterRefused by its queries, once the database was migrated for newer writers
 */
export function asFormerWriter(client: ClientBase): ClientBase {
  const ask = client.query.bind(client) as (...args: unknown[]) => unknown;
  let isCopied = false;
  const queryText = async (statement: string, values?: unknown[]): Promise<unknown> => {
    if (isCopied) {
      isCopied = false;
      await ask(FORMER_FRESH_EVENTS);
    }
    if (statement.includes('INSERT INTO pacotes')) return ask(FORMER_MERGE);
    if (statement.includes('INSERT INTO ingestao')) return ask(FORMER_ACCOUNTS, values?.slice(0, 7));
    // It knew no second report, no dictionary of places, no events that are taken back, and no numbers that were joined.
    if (/junta_relatos|anota_grafias|FROM numeros_juntados/.test(statement)) return { rows: [] };
    // Nor words: its statuses were those of its own catalogue.
    if (statement.includes('apelidos_status'))
      return { rows: [{ catalogue: STATUS_CATALOGUE, aliases: null }] };
    const known = statement
      .replace('EXISTS (SELECT FROM correcoes)', 'false')
      .replace(/concat_ws\(' ', juncoes[^]*?(?= AS "numbersVersion")/, `''`)
      .replace('versao_palavras::text', `'0'`);
    const result = await ask(known, values);
    const [row] = ([result].flat().at(-1) as QueryResult<{ escritor_minimo?: number }>).rows;
    if ((row?.escritor_minimo ?? 0) > FORMER_GENERATION) throw new FormerWriterRefused();
    return result;
  };
  const query = (statement: unknown, values?: unknown[]): unknown => {
    if (typeof statement === 'string') return queryText(statement, values);
    const { text, rowMode } = statement as { text?: string; rowMode?: string };
    if (text?.includes('FROM pg_temp.lote_eventos') === true)
      return ask({ text: FORMER_STAGED_EVENTS, rowMode });
    if (text?.startsWith('COPY eventos_rastreamento') === true) {
      isCopied = true;
      (statement as { text: string }).text = text.replace('eventos_rastreamento', 'pg_temp.lote_eventos');
    }
    if (text?.includes('FOR NO KEY UPDATE') === true) return ask({ text: FORMER_LOOK, rowMode });
    // A COPY gives a stream at once.
    return ask(statement, values);
  };
  return new Proxy(client, {
    get: (target, name) => {
      const value: unknown = name === 'query' ? query : Reflect.get(target, name, target);
      return typeof value === 'function' && name !== 'query' ? (value.bind(target) as unknown) : value;
    },
  });
}
