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
 * The statuses that are shipped: the original's six plus POSTADO, TENTATIVA DE ENTREGA and DEVOLVIDO. `statuses.json` is the one place
 * where they stand: the panel reads it, `db:migrate` puts them into `catalogo_status`, to which `rastreio status add` adds others, and
 * `npm run statuses:write` writes the rest.
 */
export const STATUS_CATALOGUE: readonly StatusEntry[] = statuses;

/** The rank from which on a status is final: as `pacotes.aberto` and `ordem_final` of the database have it. */
export const FINAL_RANK = 60;

/** The status that ends the delivery time (the original's definition of delivered). */
export const STATUS_DELIVERED = 'ENTREGUE';

/** The status that says that a delivery failed: a parcel without one before its delivery was delivered at the first attempt. */
export const STATUS_ATTEMPTED = 'TENTATIVA DE ENTREGA';

/** Rank of a status outside the catalogue: any known status at the same instant wins over it. */
export const UNKNOWN_STATUS_RANK = 0;

/** What is known of statuses, as cleaned texts. */
export interface Statuses {
  /** Rank of a status, {@link UNKNOWN_STATUS_RANK} if the catalogue does not have it. */
  readonly rank: (status: string) => number;
  /** Whether the catalogue has it. Unknown ones are accepted and shown as such, never guessed. */
  readonly isKnown: (status: string) => boolean;
  /** Whether a parcel normally stays in it for good. An unknown one is never final. */
  readonly isFinal: (status: string) => boolean;
  /**
   * Which of two events of one parcel is the later one is told by (instant, rank, text). Of all events up to any moment, N is the latest and
   * K the latest whose status the catalogue has. The parcel's status at that moment is that of K where K is final, which later unknown ones (a
   * carrier's note on a payment or a signature) leave as it is, else that of N. So followed event by event, an unknown status leaves any
   * status but a final one.
   */
  readonly after: (current: string | undefined, next: string) => string;
}

/** The statuses of a catalogue, such as that of a database, which may have more of them than are shipped. */
export function statusesOf(
  catalogue: readonly Pick<StatusEntry, 'status' | 'rank' | 'terminal'>[],
): Statuses {
  const ranks = new Map(catalogue.map(({ status, rank }) => [status, rank]));
  const finals = new Set(catalogue.filter(({ terminal }) => terminal).map(({ status }) => status));
  return {
    rank: (status) => ranks.get(status) ?? UNKNOWN_STATUS_RANK,
    isKnown: (status) => ranks.has(status),
    isFinal: (status) => finals.has(status),
    after: (current, next) =>
      current !== undefined && finals.has(current) && !ranks.has(next) ? current : next,
  };
}

/** Those of {@link STATUS_CATALOGUE}: what is known where no database says more. */
export const SHIPPED_STATUSES = statusesOf(STATUS_CATALOGUE);

/** {@link Statuses.rank} of the shipped catalogue. */
export const statusRank = SHIPPED_STATUSES.rank;
/** {@link Statuses.isKnown} of the shipped catalogue. */
export const isKnownStatus = SHIPPED_STATUSES.isKnown;
/** {@link Statuses.isFinal} of the shipped catalogue. */
export const isFinalStatus = SHIPPED_STATUSES.isFinal;
/** {@link Statuses.after} of the shipped catalogue. */
export const statusAfter = SHIPPED_STATUSES.after;
