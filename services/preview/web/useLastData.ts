import { LoadingState, type PanelData } from '@grafana/data';
import { useState } from 'react';

export interface LastData {
  /** What to draw: the last figures where a refresh runs or failed and brought none. */
  readonly data: PanelData;
  /** When they came, epoch milliseconds; undefined unless they outlived a failed query. */
  readonly outlivedSince: number | undefined;
}

/**
 * Keeps a core panel's last figures in sight while a refresh runs or fails. Our own panel does it by itself, in Grafana
 * too; a core panel in Grafana keeps them while loading only.
 */
export function useLastData(incoming: PanelData): LastData {
  const [last, setLast] = useState<{ data: PanelData; at: number }>();
  const hasFailed = incoming.state === LoadingState.Error;
  const hasFrames = incoming.series.length > 0;
  const isAnswer = incoming.state === LoadingState.Done || (hasFailed && hasFrames);
  if (isAnswer && incoming.series !== last?.data.series) setLast({ data: incoming, at: Date.now() });
  if (last === undefined || hasFrames || incoming.state === LoadingState.Done)
    return { data: incoming, outlivedSince: undefined };
  return {
    data: { ...incoming, series: last.data.series },
    outlivedSince: hasFailed && last.data.series.some(({ length }) => length > 0) ? last.at : undefined,
  };
}
