import { LoadingState, type PanelData } from '@grafana/data';
import { useState } from 'react';

export interface LastData {
  /** What to draw: the last figures where a refresh runs or failed and brought none. */
  readonly data: PanelData;
  /** When they came, epoch milliseconds; undefined unless they outlived a failed query. */
  readonly outlivedSince: number | undefined;
}

/** An answer that may be shown again. */
export interface Answer {
  readonly data: PanelData;
  /** When it came, epoch milliseconds. */
  readonly at: number;
}

/** The answer to keep after what just came: a failed query that brought nothing replaces none. */
export function keptAnswer(last: Answer | undefined, incoming: PanelData, now: number): Answer | undefined {
  const isAnswer =
    incoming.state === LoadingState.Done ||
    (incoming.state === LoadingState.Error && incoming.series.length > 0);
  return isAnswer && incoming.series !== last?.data.series ? { data: incoming, at: now } : last;
}

/** What to draw of what came last and the kept answer. */
export function shownData(last: Answer | undefined, incoming: PanelData): LastData {
  if (last === undefined || incoming.series.length > 0 || incoming.state === LoadingState.Done)
    return { data: incoming, outlivedSince: undefined };
  const outlived = incoming.state === LoadingState.Error && last.data.series.some(({ length }) => length > 0);
  return {
    data: { ...incoming, series: last.data.series },
    outlivedSince: outlived ? last.at : undefined,
  };
}

/**
 * Keeps a core panel's last figures in sight while a refresh runs or fails. Our own panel does it by itself, in Grafana
 * too; a core panel in Grafana keeps them while loading only.
 */
export function useLastData(incoming: PanelData): LastData {
  const [last, setLast] = useState<Answer>();
  const kept = keptAnswer(last, incoming, Date.now());
  if (kept !== last) setLast(kept);
  return shownData(kept, incoming);
}
