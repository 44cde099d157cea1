import type { Shift } from './calendar';

/** A way on from a status. */
export interface Transition {
  /** Status of the next scan; null: the parcel's life ends here. */
  readonly to: string | null;
  /** Out of the sum over all ways on from the same status. */
  readonly weight: number;
  /** Median of the log-normal dwell time before it. */
  readonly medianHours: number;
  /** Standard deviation of the dwell time's logarithm. */
  readonly sigma: number;
  /** When such a scan happens; outside it waits. */
  readonly shift: Shift;
  /** What happens to some parcels meanwhile, instead of the usual dwell time. */
  readonly snag?: Snag;
}

/** A parcel is sorted to the wrong place, held, or its address looked for: the long tail of delivery times. */
interface Snag {
  /** Share of the parcels that meet it on an average lane. */
  readonly share: number;
  /** Median of the log-normal dwell time. */
  readonly medianHours: number;
  /** Standard deviation of its logarithm. */
  readonly sigma: number;
}

/** Where a parcel stands: its status, with the two cases in which the same status leads elsewhere. */
export type State =
  | 'POSTADO'
  | 'EM TRÂNSITO, on its way'
  | 'EM TRÂNSITO, at the destination'
  | 'EM ROTA DE ENTREGA'
  | 'TENTATIVA DE ENTREGA'
  | 'TENTATIVA DE ENTREGA, the last'
  | 'AGUARDANDO RETIRADA'
  | 'ENTREGUE'
  | 'EXTRAVIADO'
  | 'final';

const END = way(null, 1, 0, 0);
const MISSORTED: Snag = { share: 0.055, medianHours: 110, sigma: 0.6 };
const HELD: Snag = { share: 0.045, medianHours: 115, sigma: 0.6 };
const WITHOUT_COURIER: Snag = { share: 0.03, medianHours: 72, sigma: 0.6 };

/**
 * The branching life of a parcel. Shares are plausible for a national carrier, not measured; what matters is that every
 * status and every correction occurs: found again after lost, taken back or sent out again after delivered.
 */
export const MACHINE: Readonly<Record<State, readonly Transition[]>> = {
  POSTADO: [way('EM TRÂNSITO', 985, 5, 0.4), way('CANCELADO', 15, 5, 0.5, 'day')],
  // Legs bring their own median.
  'EM TRÂNSITO, on its way': [
    { ...way('EM TRÂNSITO', 998, 1, 0.5), snag: MISSORTED },
    way('EXTRAVIADO', 2, 96, 0.3, 'day'),
  ],
  'EM TRÂNSITO, at the destination': [
    { ...way('EM ROTA DE ENTREGA', 966, 6, 0.6, 'morning'), snag: HELD },
    way('AGUARDANDO RETIRADA', 30, 8, 0.4, 'day'),
    way('EXTRAVIADO', 4, 72, 0.3, 'day'),
  ],
  'EM ROTA DE ENTREGA': [
    way('ENTREGUE', 870, 3.5, 0.5, 'day'),
    way('TENTATIVA DE ENTREGA', 126, 4, 0.4, 'day'),
    way('EXTRAVIADO', 2, 30, 0.3, 'day'),
    way('DEVOLVIDO', 2, 30, 0.3, 'day'),
  ],
  'TENTATIVA DE ENTREGA': [
    { ...way('EM ROTA DE ENTREGA', 88, 18, 0.2, 'morning'), snag: WITHOUT_COURIER },
    way('AGUARDANDO RETIRADA', 12, 10, 0.4, 'day'),
  ],
  'TENTATIVA DE ENTREGA, the last': [
    way('AGUARDANDO RETIRADA', 85, 10, 0.4, 'day'),
    way('DEVOLVIDO', 15, 60, 0.3, 'day'),
  ],
  'AGUARDANDO RETIRADA': [way('ENTREGUE', 74, 40, 0.6, 'day'), way('DEVOLVIDO', 26, 168, 0.1, 'day')],
  ENTREGUE: [
    { ...END, weight: 979 },
    // The office confirms a delivery again, which reopens nothing.
    way('ENTREGUE', 15, 8, 0.8, 'day'),
    way('DEVOLVIDO', 4, 70, 0.4, 'day'),
    way('EM ROTA DE ENTREGA', 2, 20, 0.3, 'morning'),
  ],
  EXTRAVIADO: [{ ...END, weight: 96 }, way('EM TRÂNSITO', 4, 120, 0.5)],
  final: [END],
};

/** A third failed attempt is the last one. */
export const MAX_ATTEMPTS = 3;
/**
 * Share of the scans of a status that nobody makes: the parcel goes on, the event never comes. Departures and what ends a life
 * are always reported.
 */
export const MISSED_SCANS: Readonly<Record<string, number>> = {
  'EM TRÂNSITO': 0.015,
  'EM ROTA DE ENTREGA': 0.02,
};
/** Bounds a life that is corrected again and again. */
export const MAX_STEPS = 24;

function way(
  to: string | null,
  weight: number,
  medianHours: number,
  sigma: number,
  shift: Shift = 'always',
): Transition {
  return { to, weight, medianHours, sigma, shift };
}
