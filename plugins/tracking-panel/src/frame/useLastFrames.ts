import { type DataFrame, LoadingState, type PanelData } from '@grafana/data';
import { useState } from 'react';

interface Received {
  series: DataFrame[];
  /** Epoch milliseconds. */
  at: number;
  failed: boolean;
}

export interface LastFrames {
  /** What to draw. */
  data: PanelData;
  /** When its frames came, in epoch milliseconds. */
  receivedAt: number;
  /** Whether a query failed and these are the frames of before. */
  isOutlived: boolean;
}

/**
 * Keeps the last frames in sight: some hosts clear them when a refresh starts, and a failed query has none. What came
 * last is told by the values themselves, because overrides make new frames of the old values.
 */
export function useLastFrames(data: PanelData): LastFrames {
  const [last, setLast] = useState<Received>(() => receive(data));
  const isGap =
    data.series.length === 0 && (data.state === LoadingState.Loading || data.state === LoadingState.Error);
  const isNew =
    !isGap && (data.state === LoadingState.Streaming || !haveSameValues(data.series, last.series));
  if (isNew && data.series !== last.series) {
    setLast(receive(data));
  }
  const hasFailed = data.state === LoadingState.Error;
  return {
    data: isGap ? { ...data, series: last.series } : data,
    receivedAt: last.at,
    isOutlived: hasFailed && !last.failed && !isNew && last.series.length > 0,
  };
}

const receive = ({ series, state }: PanelData): Received => ({
  series,
  at: Date.now(),
  failed: state === LoadingState.Error,
});

function haveSameValues(a: DataFrame[], b: DataFrame[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      ({ fields }, index) =>
        fields.length === b[index]?.fields.length &&
        fields.every(({ values }, column) => values === b[index]?.fields[column]?.values)
    )
  );
}
