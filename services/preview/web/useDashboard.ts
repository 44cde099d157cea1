import { dateTime, rangeUtil, type RawTimeRange, type TimeRange } from '@grafana/data';
import { config, locationService } from '@grafana/runtime';
import { useCallback, useEffect, useMemo, useState } from 'react';
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
  return [useMemo(() => readUrl(new URL(href), bootTheme()), [href]), change];
}

/** The theme that the page began with: see boot.js. */
const bootTheme = () => (config.theme2.isLight ? 'light' : 'dark');

/** The time range of the address or the dashboard, evaluated anew at each tick, and as it is written. */
export function useTimeRange(
  url: UrlState,
  dashboard: DashboardModel | undefined,
  tick: number,
): { range: TimeRange; raw: { from: string; to: string } } {
  const from = url.from ?? dashboard?.time?.from ?? 'now-1h';
  const to = url.to ?? dashboard?.time?.to ?? 'now';
  const timeZone = zoneOf(dashboard);
  return useMemo(() => {
    const raw: RawTimeRange = { from: parseTime(from), to: parseTime(to) };
    return { range: rangeUtil.convertRawToRange(raw, timeZone), raw: { from, to } };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- "now" moves with the tick
  }, [from, to, tick, timeZone]);
}

/** The zone in which a dashboard shows times. */
export const zoneOf = (dashboard: DashboardModel | undefined): string => dashboard?.timezone || 'browser';

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
