import path from 'node:path';
import { createValidator, DEFAULT_RULES, type Rejection, type TrackingEvent } from '@rastreio/contract';
import { withClient, type BatchCounts, type RejectedMessage } from '@rastreio/database';
import { readEvents, type CsvRow } from './readEvents';
import { openTarget, SEED_MAX_ID, type Schema, type Target } from './target';

export interface ImportOptions {
  readonly databaseUrl: string;
  readonly file: string;
  /** IANA zone for timestamps without offset; left out, such rows are rejected. */
  readonly naiveTimezone?: string | undefined;
  readonly onRejected?: (line: number, rejection: Rejection) => void;
}

export interface ImportSummary extends BatchCounts {
  readonly schema: Schema;
}

const ROWS_PER_TRANSACTION = 5_000;

/** Loads an event file straight into a database. Importing it again changes nothing. */
export async function importFile({
  databaseUrl,
  file,
  naiveTimezone,
  onRejected,
}: ImportOptions): Promise<ImportSummary> {
  return withClient(databaseUrl, async (client) => {
    const target = await openTarget(client);
    const source = `csv:${path.basename(file)}`;
    const validate = createValidator({ ...DEFAULT_RULES, naiveTimezone });
    let total: BatchCounts = { consumed: 0, inserted: 0, duplicate: 0, rejected: 0 };
    let events: TrackingEvent[] = [];
    let rejected: RejectedMessage[] = [];
    const flush = async () => {
      total = add(total, await target.write(source, events, rejected));
      events = [];
      rejected = [];
    };
    for await (const row of readEvents(file, validate)) {
      const checked = fits(row, target);
      if (checked.ok) events.push(checked.event);
      else {
        onRejected?.(row.line, checked.rejection);
        rejected.push(rejectRow(source, row, checked.rejection));
      }
      if (events.length + rejected.length >= ROWS_PER_TRANSACTION) await flush();
    }
    await flush();
    return { schema: target.schema, ...total };
  });
}

type Checked = { ok: true; event: TrackingEvent } | { ok: false; rejection: Rejection };

function fits({ result }: CsvRow, { schema }: Target): Checked {
  if (!result.ok) return { ok: false, rejection: result.rejections[0] };
  if (schema === 'seed' && result.event.id_pacote > SEED_MAX_ID) {
    const detail = `id_pacote ${result.event.id_pacote} does not fit the seed’s INT column; send a number up to ${SEED_MAX_ID}`;
    return { ok: false, rejection: { reason: 'out_of_range', field: 'id_pacote', detail } };
  }
  return { ok: true, event: result.event };
}

/** A rejected row is kept as a rejected message whose offset is its line. */
function rejectRow(
  source: string,
  { line, raw }: CsvRow,
  { reason, field, detail }: Rejection,
): RejectedMessage {
  return {
    topico: source,
    particao: 0,
    deslocamento: String(line),
    chave: null,
    valor: Buffer.from(raw),
    cabecalhos: {},
    motivo: reason,
    campo: field,
    detalhe: detail,
    recebido_em: new Date().toISOString(),
  };
}

function add(a: BatchCounts, b: BatchCounts): BatchCounts {
  return {
    consumed: a.consumed + b.consumed,
    inserted: a.inserted + b.inserted,
    duplicate: a.duplicate + b.duplicate,
    rejected: a.rejected + b.rejected,
  };
}
