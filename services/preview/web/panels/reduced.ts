import { VizOrientation, type ReduceDataOptions } from '@grafana/data';

/** Options of the panels that show one value per field or row. */
export interface ReducedOptions {
  orientation: VizOrientation;
  reduceOptions: ReduceDataOptions;
}

/** The orientation, automatic where it is not set. */
export function orientationOf({ orientation }: ReducedOptions): VizOrientation {
  return orientation ?? VizOrientation.Auto;
}
