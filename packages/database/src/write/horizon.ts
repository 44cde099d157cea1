import { parcelKey, type TrackingEvent } from '@rastreio/contract';
import type { ClientBase } from 'pg';
import { TooOldError } from '../connect/sqlstate';

/** The horizon of `npm run db:retain` in SQL, over the table `retencao`, as the contract writes instants; null where nothing was removed. */
export const HORIZON = `CASE WHEN horizonte > '-infinity' THEN to_char(horizonte AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END`;

/** The instant before which events are refused, null where none are. */
export async function readHorizon(client: Pick<ClientBase, 'query'>): Promise<string | null> {
  const { rows } = await client.query<{ horizonte: string | null }>(
    `SELECT ${HORIZON} AS horizonte FROM retencao`,
  );
  return rows[0]?.horizonte ?? null;
}

/** Why an event is refused as too old, null: it is not. */
export function tooOld(event: TrackingEvent, horizon: string | null): string | null {
  const { data_atualizacao } = event;
  // Both are UTC in one format, so that text is compared.
  if (horizon === null || data_atualizacao >= horizon) return null;
  return (
    `the event of ${data_atualizacao} of parcel ${parcelKey(event)} is from before ${horizon}: events before that were removed ` +
    'by db:retain, so that it cannot be told whether it was counted already'
  );
}

/** @throws TooOldError for the first event that is too old */
export function assertNotTooOld(events: readonly TrackingEvent[], horizon: string | null): void {
  for (const event of events) {
    const why = tooOld(event, horizon);
    if (why !== null) throw new TooOldError(`${why}; leave it out`);
  }
}
