import type { TrackingEvent } from '@rastreio/contract';
import {
  prepareConnection,
  readHorizon,
  readWords,
  receivedEvent,
  writeBatch,
  type BatchCounts,
  type RejectedMessage,
  type Words,
} from '@rastreio/database';
import { EXIT, OperatorError } from '@rastreio/runtime';
import type { ClientBase } from 'pg';

/** The tables a file can be loaded into. */
export type Schema = 'rastreio' | 'original';

export interface Target {
  readonly schema: Schema;
  /** The instant before which events are refused, since such events were removed; null where none were. */
  readonly horizon: string | null;
  /** What the database knows of statuses; null where it knows nothing of them. */
  readonly words: Words | null;
  /** Writes rows in one transaction; those that are there already count as duplicates. */
  write(
    source: string,
    events: readonly TrackingEvent[],
    rejected: readonly RejectedMessage[],
  ): Promise<BatchCounts>;
}

/** Largest parcel number of the original's tables, whose id_pacote is INT. */
export const ORIGINAL_MAX_ID = 2_147_483_647;

interface Column {
  readonly table: string;
  readonly column: string;
  readonly writable: boolean;
  readonly owner: string;
  readonly role: string;
}

// Not information_schema, which hides tables of others as if they were not there.
const COLUMNS = `
  SELECT c.relname AS table, a.attname AS column, has_table_privilege(c.oid, 'INSERT') AS writable,
         pg_get_userbyid(c.relowner) AS owner, current_user AS role
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relname IN ('pacotes', 'eventos_rastreamento') AND pg_table_is_visible(c.oid)`;

/**
 * Looks at a database's tables and gives what writes to them: ours, or the original's (Desafio 1 with `id_evento`, or its
 * streaming part without).
 *
 * @throws OperatorError (exit code 78) when the database has neither, or the role may not write to them
 */
export async function openTarget(client: ClientBase): Promise<Target> {
  const { rows } = await client.query<Column>(COLUMNS);
  const has = (table: string, column: string) => rows.some((r) => r.table === table && r.column === column);
  const closed = rows.find(({ writable }) => !writable);
  if (closed !== undefined)
    throw new OperatorError(
      `The table ${closed.table} is there, and ${closed.role} may not write to it; give --database-url with the role ${closed.owner}, which owns it, ` +
        'or one that may',
      EXIT.config,
    );
  if (has('pacotes', 'status_atual')) {
    await prepareConnection(client);
    return {
      schema: 'rastreio',
      horizon: await readHorizon(client),
      words: await readWords(client),
      write: (source, events, rejected) => writeOurs(client, source, events, rejected),
    };
  }
  if (has('pacotes', 'id_pacote') && has('eventos_rastreamento', 'data_evento')) {
    return {
      schema: 'original',
      horizon: null,
      words: null,
      write: (_source, events, rejected) => writeSeed(client, events, rejected.length),
    };
  }
  throw new OperatorError(
    'The database has no tables pacotes and eventos_rastreamento; run "npm run db:migrate" for ours or apply sql/reference/desafio1.sql for the original’s',
    EXIT.config,
  );
}

async function writeOurs(
  client: ClientBase,
  source: string,
  events: readonly TrackingEvent[],
  rejected: readonly RejectedMessage[],
) {
  const recebido_em = Date.now();
  return writeBatch(client, {
    topic: source,
    partition: 0,
    events: events.map((event) => receivedEvent(event, recebido_em)),
    rejected,
  });
}

// As the original's load.py: the first origin and destination of a parcel win, so does the first status of an instant.
const INSERT_ORIGINAL_PARCELS = `
  INSERT INTO pacotes (id_pacote, origem, destino)
  SELECT DISTINCT ON (id) id, origem, destino
  FROM unnest($1::int[], $2::text[], $3::text[]) WITH ORDINALITY AS t (id, origem, destino, n) ORDER BY id, n
  ON CONFLICT DO NOTHING`;
const INSERT_ORIGINAL_EVENTS = `
  INSERT INTO eventos_rastreamento (id_pacote, status_rastreamento, data_evento)
  SELECT * FROM unnest($1::int[], $2::text[], $3::timestamptz[])
  ON CONFLICT DO NOTHING`;

async function writeSeed(
  client: ClientBase,
  events: readonly TrackingEvent[],
  rejected: number,
): Promise<BatchCounts> {
  const ids = events.map((e) => e.id_pacote);
  await client.query('BEGIN');
  try {
    await client.query(INSERT_ORIGINAL_PARCELS, [
      ids,
      events.map((e) => e.origem),
      events.map((e) => e.destino),
    ]);
    const { rowCount } = await client.query(INSERT_ORIGINAL_EVENTS, [
      ids,
      events.map((e) => e.status_rastreamento),
      events.map((e) => e.data_atualizacao),
    ]);
    await client.query('COMMIT');
    const inserted = rowCount ?? 0;
    return { consumed: events.length + rejected, inserted, duplicate: events.length - inserted, rejected };
  } catch (error) {
    // A broken connection cannot roll back; the server has done so by then. The first error is the one that matters.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
