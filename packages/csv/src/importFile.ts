import { isKnownStatus, type Rejection, type TrackingEvent } from '@rastreio/contract';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { addCounts, tooOld, withClient, type BatchCounts, type RejectedMessage } from '@rastreio/database';
import type { EventFile } from './eventFile';
import { loadFile, type LoadOptions, type RejectedRow } from './loadFile';
import type { LoadReport } from './report';
import { formatHeaders } from './rowFormat';
import { openTarget, ORIGINAL_MAX_ID, type Schema, type Target } from './target';

export interface ImportOptions extends LoadOptions {
  readonly databaseUrl: string;
  /** Takes the file's events back instead of loading them. */
  readonly undo?: boolean;
}

export interface ImportSummary extends BatchCounts, LoadReport {
  readonly schema: Schema;
}

const ROWS_PER_TRANSACTION = 5_000;
/** Nobody else writes while events are taken back, so that others have their turn. */
const CORRECTIONS_PER_TRANSACTION = 500;

/**
 * Loads an event file straight into a database. Importing it again, also after an import that was cut off, changes nothing that
 * is there already.
 *
 * With `undo` each row becomes a correction of the event that it says; bad rows, which became no event, are passed over and only counted.
 *
 * @throws OperatorError see {@link loadFile} and {@link openTarget}, and the database's errors
 */
export async function importFile({
  databaseUrl,
  undo = false,
  ...options
}: ImportOptions): Promise<ImportSummary> {
  return withClient(databaseUrl, async (client) => {
    const target = await openTarget(client);
    if (undo && target.schema === 'original')
      throw new OperatorError(
        'The original’s tables know no corrections: nothing in them can be taken back; delete the events by hand',
        EXIT.config,
      );
    let total: BatchCounts = { consumed: 0, inserted: 0, duplicate: 0, rejected: 0 };
    const report = await loadFile(options, {
      rowsPerWrite: undo ? CORRECTIONS_PER_TRANSACTION : ROWS_PER_TRANSACTION,
      refuse: (event) => tooLargeFor(target, event) ?? tooOldFor(target, event),
      knows: (event) => knows(target, event),
      statusesOf: target.words === null ? 'program' : 'database',
      async write(file, events, rejected) {
        if (undo) {
          const counts = await target.write(file.source, events.map(takenBack), []);
          const { consumed } = counts;
          total = addCounts(total, {
            ...counts,
            consumed: consumed + rejected.length,
            rejected: rejected.length,
          });
          return;
        }
        const headers = formatHeaders(file.layout, options.encoding ?? 'utf-8');
        const messages = rejected.map((row) => rejectedMessage(file, headers, row));
        total = addCounts(total, await target.write(file.source, events, messages));
      },
    });
    return { schema: target.schema, ...total, ...report };
  });
}

function knows(
  { words }: Target,
  { transportadora, codigo_evento, status_rastreamento: word }: TrackingEvent,
): boolean {
  if (words === null) return isKnownStatus(word);
  return words.statuses.isKnown(words.meaningOf({ transportadora, codigo_evento, word }));
}

/** What takes an event back, whatever else was said of it. */
export function takenBack(event: TrackingEvent): TrackingEvent {
  return { ...event, correcao: 'mesmo' };
}

function tooLargeFor({ schema }: Target, { id_pacote }: TrackingEvent): Rejection | null {
  if (schema !== 'original') return null;
  if (id_pacote === undefined)
    return {
      reason: 'missing_field',
      field: 'id_pacote',
      detail: `id_pacote is missing, and the original’s tables know no tracking numbers; send a number up to ${ORIGINAL_MAX_ID}`,
    };
  if (id_pacote <= ORIGINAL_MAX_ID) return null;
  const detail = `id_pacote ${id_pacote} does not fit the original’s INT column; send a number up to ${ORIGINAL_MAX_ID}`;
  return { reason: 'out_of_range', field: 'id_pacote', detail };
}

/** The writer refuses a batch with an event from before the horizon of retention; of a file it is that line which is refused. */
function tooOldFor({ horizon }: Target, event: TrackingEvent): Rejection | null {
  const detail = tooOld(event, horizon);
  return detail === null
    ? null
    : { reason: 'out_of_range', field: 'data_atualizacao', detail: `${detail}; leave the line out` };
}

/** A rejected row is kept as a rejected message whose offset is its line and whose headers say how to read it. */
function rejectedMessage(
  { source: topic }: EventFile,
  headers: RejectedMessage['headers'],
  { row, rejection: { reason, field, detail } }: RejectedRow,
): RejectedMessage {
  return {
    topic,
    partition: 0,
    offset: String(row.line),
    key: null,
    value: row.raw,
    headers,
    reason,
    field,
    detail,
    recebido_em: Date.now(),
  };
}
