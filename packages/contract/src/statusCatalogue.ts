/**
 * Public tracking model that each status maps to: AfterShip's nine delivery tags,
 * https://www.aftership.com/docs/tracking/others/delivery-status
 */
export type PublicState =
  | 'Pending'
  | 'InfoReceived'
  | 'InTransit'
  | 'OutForDelivery'
  | 'AttemptFail'
  | 'Delivered'
  | 'AvailableForPickup'
  | 'Exception'
  | 'Expired';

export interface StatusEntry {
  /** Canonical text, as events carry it after cleaning. */
  readonly status: string;
  /**
   * Breaks ties between two events of a package at the same instant: the higher one is the later one.
   * Carriers' clocks often have minute resolution, so ties are ordinary.
   */
  readonly rank: number;
  /** True where a package normally stays for good. A later event may still leave it (a correction). */
  readonly terminal: boolean;
  /** `#rrggbb`, the same in every panel. */
  readonly colour: string;
  readonly labelEn: string;
  readonly publicState: PublicState;
}

/**
 * The statuses this system knows: the seed's six plus POSTADO, TENTATIVA DE ENTREGA and DEVOLVIDO.
 * The table `catalogo_status` mirrors it; a test compares the two.
 */
export const STATUS_CATALOGUE: readonly StatusEntry[] = [
  entry('POSTADO', 10, false, '#369DDB', 'Posted', 'InfoReceived'),
  entry('EM TRÂNSITO', 20, false, '#3A63C4', 'In transit', 'InTransit'),
  entry('EM ROTA DE ENTREGA', 30, false, '#E17A09', 'Out for delivery', 'OutForDelivery'),
  entry('TENTATIVA DE ENTREGA', 40, false, '#7A6A14', 'Delivery attempt failed', 'AttemptFail'),
  entry('AGUARDANDO RETIRADA', 50, false, '#9564FD', 'Available for pickup', 'AvailableForPickup'),
  entry('CANCELADO', 60, true, '#9194A2', 'Cancelled', 'Exception'),
  entry('EXTRAVIADO', 70, true, '#F1114D', 'Lost', 'Exception'),
  entry('DEVOLVIDO', 80, true, '#AC3692', 'Returned to sender', 'Exception'),
  entry('ENTREGUE', 90, true, '#08906A', 'Delivered', 'Delivered'),
];

/** The status that ends the delivery time (the seed's definition of delivered). */
export const STATUS_DELIVERED = 'ENTREGUE';

/** The status that says that a delivery failed: a package without one before its delivery was delivered at the first attempt. */
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

function entry(
  status: string,
  rank: number,
  terminal: boolean,
  colour: string,
  labelEn: string,
  publicState: PublicState,
): StatusEntry {
  return { status, rank, terminal, colour, labelEn, publicState };
}
