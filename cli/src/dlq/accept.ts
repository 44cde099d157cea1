import type { Pool } from 'pg';
import { pagesOf } from './pages';
import type { Place } from './place';
import { isIn, PLACE_COLUMNS, placeColumns, STATES, type Selection } from './selection';

export interface AcceptOptions {
  readonly selection: Selection;
  readonly limit?: number | undefined;
  readonly dryRun?: boolean;
  readonly note?: string | undefined;
  readonly onAccepted?: (place: Place) => void;
}

export interface AcceptSummary {
  readonly accepted: number;
  /** Settled already. */
  readonly skipped: number;
}

/** Marks open dead letters as settled without a replay, because a person decided that they are worthless. */
export async function accept(pool: Pool, options: AcceptOptions): Promise<AcceptSummary> {
  const { selection, limit, dryRun = false, note, onAccepted } = options;
  let [accepted, skipped] = [0, 0];
  const open = `${isIn('$1', '$2', '$3', '$4')} AND ${STATES.open}`;
  for await (const places of pagesOf(pool, selection, limit)) {
    const { rows } = dryRun
      ? await pool.query<Place>(`SELECT ${PLACE_COLUMNS} FROM eventos_rejeitados WHERE ${open}`, [
          ...placeColumns(places),
        ])
      : await pool.query<Place>(
          `UPDATE eventos_rejeitados SET aceito_em = now(), nota = coalesce($5, nota) WHERE ${open} RETURNING ${PLACE_COLUMNS}`,
          [...placeColumns(places), note ?? null],
        );
    for (const place of rows) onAccepted?.(place);
    accepted += rows.length;
    skipped += places.length - rows.length;
  }
  return { accepted, skipped };
}
