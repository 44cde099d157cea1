import { dateTime, rangeUtil, type RawTimeRange, type TimeRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { VariableValue } from './interpolate';
import type { DashboardModel } from './model';
import { changeUrl, readUrl, type UrlState } from './urlState';

/**
 * The address of the page as state: every choice is in it, so that reload, back and a shared link keep it. Panels
 * change it too, by Grafana's `locationService`.
 */
export function useUrl(): [
  UrlState,
  (changes: Readonly<Record<string, string | readonly string[] | null>>) => void,
] {
  const [href, setHref] = useState(window.location.href);
  useEffect(() => {
    const subscription = locationService
      .getLocationObservable()
      .subscribe(() => setHref(window.location.href));
    return () => subscription.unsubscribe();
  }, []);
  const change = useCallback((changes: Readonly<Record<string, string | readonly string[] | null>>) => {
    const { pathname, search } = changeUrl(new URL(window.location.href), changes);
    locationService.push(pathname + search);
  }, []);
  return [useMemo(() => readUrl(new URL(href)), [href]), change];
}

/** The time range of the address or the dashboard, evaluated anew at each tick. */
export function useTimeRange(url: UrlState, dashboard: DashboardModel | undefined, tick: number): TimeRange {
  const from = url.from ?? dashboard?.time?.from ?? 'now-1h';
  const to = url.to ?? dashboard?.time?.to ?? 'now';
  return useMemo(() => {
    const raw: RawTimeRange = { from: parseTime(from), to: parseTime(to) };
    return rangeUtil.convertRawToRange(raw);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- "now" moves with the tick
  }, [from, to, tick]);
}

/** Epoch milliseconds in an address mean an instant; anything else is relative or ISO 8601. */
function parseTime(text: string) {
  if (!/^\d{5,}$/.test(text)) return text;
  return dateTime(Number(text));
}

/** Counts up at the refresh interval ("5s"), and whenever `refresh` is called. */
export function useTicks(interval: string): { tick: number; refresh: () => void } {
  const [tick, setTick] = useState(0);
  const refresh = useCallback(() => setTick((t) => t + 1), []);
  useEffect(() => {
    if (interval === '') return;
    const timer = window.setInterval(() => {
      if (document.visibilityState === 'visible') refresh();
    }, rangeUtil.intervalToMs(interval));
    return () => window.clearInterval(timer);
  }, [interval, refresh]);
  return { tick, refresh };
}

/** Builds a variable's choice from values and their texts. */
export function choice(
  values: readonly string[],
  multi: boolean,
  textOf: (value: string) => string = (v) => v,
): VariableValue {
  if (multi) return { value: values, text: values.map(textOf) };
  const [value = ''] = values;
  return { value, text: textOf(value) };
}
