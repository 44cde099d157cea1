import statuses from '../statuses.json';

export interface StatusEntry {
  /** Canonical text, as events carry it after cleaning. */
  readonly status: string;
  /**
   * Breaks ties between two events of a parcel at the same instant: the higher one is the later one.
   * Carriers' clocks often have minute resolution, so ties are ordinary.
   */
  readonly rank: number;
  /** True where a parcel normally stays for good. A later event of the catalogue may still leave it (a correction), an unknown one never. */
  readonly terminal: boolean;
  /** `#RRGGBB`, the same in every panel. */
  readonly color: string;
  /** Name of a pattern of the tracking panel, for who cannot tell colors apart. */
  readonly pattern: string;
  /** What the status means, for the table in the docs. */
  readonly english: string;
}

/**
 * The statuses this system knows: the original's six plus POSTADO, TENTATIVA DE ENTREGA and DEVOLVIDO. `statuses.json` is the one place
 * where they stand: the panel reads it, `db:migrate` fills `catalogo_status` from it, `npm run statuses:write` writes the rest.
 */
export const STATUS_CATALOGUE: readonly StatusEntry[] = statuses;

/** The status that ends the delivery time (the original's definition of delivered). */
export const STATUS_DELIVERED = 'ENTREGUE';

/** The status that says that a delivery failed: a parcel without one before its delivery was delivered at the first attempt. */
export const STATUS_ATTEMPTED = 'TENTATIVA DE ENTREGA';

/** Rank of a status outside the catalogue: any known status at the same instant wins over it. */
export const UNKNOWN_STATUS_RANK = 0;

const RANK_BY_STATUS = new Map(STATUS_CATALOGUE.map(({ status, rank }) => [status, rank]));

/** Rank of a cleaned status, {@link UNKNOWN_STATUS_RANK} if the catalogue does not have it. */
export function statusRank(status: string): number {
  return RANK_BY_STATUS.get(status) ?? UNKNOWN_STATUS_RANK;
}

/** Whether the catalogue has this cleaned status. Unknown ones are accepted and shown as such, never guessed. */
export function isKnownStatus(status: string): boolean {
  return RANK_BY_STATUS.has(status);
}

const FINAL_STATUSES = new Set(
  STATUS_CATALOGUE.filter(({ terminal }) => terminal).map(({ status }) => status),
);

/** Whether a parcel normally stays in this cleaned status for good. An unknown one is never final. */
export function isFinalStatus(status: string): boolean {
  return FINAL_STATUSES.has(status);
}

/**
 * Which of two events of one parcel is the later one is told by (instant, rank, text). Of all events up to any moment, N is the latest and
 * K the latest whose status the catalogue has. The parcel's status at that moment is that of K where K is final, which later unknown ones (a
 * carrier's note on a payment or a signature) leave as it is, else that of N. So followed event by event, an unknown status leaves any
 * status but a final one.
 */
export function statusAfter(current: string | undefined, next: string): string {
  return current !== undefined && isFinalStatus(current) && !isKnownStatus(next) ? current : next;
}
