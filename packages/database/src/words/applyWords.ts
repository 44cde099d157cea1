import type { ClientBase } from 'pg';
import { despiteWriters, inTransaction } from '../connect/transaction';
import { exchangeWords, type ExchangedWords } from './exchangeWords';
import { readWords } from './loadWords';
import { isAsMeant, type Stored } from './remap';

export interface ApplyOptions {
  /**
   * Where a word was new: events that have it are stored with one of these statuses, and only the hours that have them are read. Left out,
   * every hour is.
   */
  readonly storedAs?: readonly string[] | undefined;
  /** Called after each part that is committed, with what was corrected so far. */
  readonly onPart?: ((sofar: ExchangedWords) => void) | undefined;
  /** Called when a part is done and not committed: where fault tests end the process. */
  readonly beforeCommit?: (() => void) | undefined;
  /** Parcels of one transaction. */
  readonly parcels?: number | undefined;
}

/** Parcels of one transaction: batches wait while it runs. */
const PARCELS = 100;

const HOURS = `
  SELECT DISTINCT hora::text AS hora FROM resumo_historico
  WHERE eventos > 0 AND ($1::text[] IS NULL OR status = ANY ($1)) AND hora > (SELECT horizonte FROM retencao) - interval '1 hour'
  ORDER BY 1`;

// What decides on a status, and of which parcels it is said so: few of many events.
const SAID = `e.status_rastreamento, e.detalhes->'transportadora' AS transportadora, e.detalhes->'codigo_evento' AS codigo_evento,
              e.detalhes->'palavra' AS palavra, e.detalhes->'relatos' AS relatos, array_agg(DISTINCT e.id_pacote::text) AS ids`;
const OF_HOUR = `
  SELECT ${SAID} FROM eventos_rastreamento e
  WHERE e.data_evento >= $1::timestamptz AND e.data_evento < $1::timestamptz + interval '1 hour' AND e.data_evento >= (SELECT horizonte FROM retencao)
    AND CASE WHEN $2::text[] IS NULL
      THEN e.detalhes ?| ARRAY['codigo_evento', 'palavra', 'relatos'] OR NOT EXISTS (SELECT FROM catalogo_status c WHERE c.status = e.status_rastreamento)
      ELSE e.status_rastreamento = ANY ($2) END
  GROUP BY 1, 2, 3, 4, 5`;
const CORRECTED = `
  SELECT ${SAID} FROM (
    SELECT id_pacote, data_evento, status_rastreamento, detalhes FROM eventos_corrigidos
    UNION ALL
    SELECT id_pacote, data_evento, status_rastreamento, coalesce(detalhes, '{}') FROM correcoes WHERE alvo = 'mesmo'
  ) AS e
  WHERE e.data_evento >= (SELECT horizonte FROM retencao) GROUP BY 1, 2, 3, 4, 5`;

interface SaidRow {
  readonly status_rastreamento: string;
  readonly transportadora: string | null;
  readonly codigo_evento: string | null;
  readonly palavra: string | null;
  readonly relatos: readonly object[] | null;
  readonly ids: readonly string[];
}

/**
 * Gives every stored event, and every correction, the status that its words mean now, with all figures, parcel by parcel in transactions of
 * their own between which batches are written. What a run that was ended has not reached the next one finds. What is from before the horizon
 * of db:retain stays as it is.
 *
 * @param client connected as rastreio_owner, outside any transaction
 */
export async function applyWords(client: ClientBase, options: ApplyOptions = {}): Promise<ExchangedWords> {
  const { storedAs, onPart, beforeCommit, parcels = PARCELS } = options;
  let sofar: ExchangedWords = { events: 0, corrections: 0 };
  const correct = async (rows: readonly SaidRow[]) => {
    const words = await readWords(client);
    const ids = [
      ...new Set(rows.filter((row) => !isAsMeant(asStored(row), words)).flatMap((row) => row.ids)),
    ];
    for (let i = 0; i < ids.length; i += parcels) {
      const part = ids.slice(i, i + parcels);
      const { events, corrections } = await despiteWriters(() =>
        inTransaction(client, 'BEGIN ISOLATION LEVEL READ COMMITTED', async () => {
          const exchanged = await exchangeWords(client, part);
          beforeCommit?.();
          return exchanged;
        }),
      );
      sofar = { events: sofar.events + events, corrections: sofar.corrections + corrections };
      onPart?.(sofar);
    }
  };
  const { rows: hours } = await client.query<{ hora: string }>(HOURS, [storedAs ?? null]);
  for (const { hora } of hours)
    await correct((await client.query<SaidRow>(OF_HOUR, [hora, storedAs ?? null])).rows);
  await correct((await client.query<SaidRow>(CORRECTED)).rows);
  return sofar;
}

function asStored({ status_rastreamento, ids, ...said }: SaidRow): Stored {
  const detalhes = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null));
  return { id_pacote: ids[0] ?? '', data_evento: '', status_rastreamento, recebido_em: '', detalhes };
}
