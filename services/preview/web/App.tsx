import { createTheme, DashboardCursorSync, EventBusSrv, ThemeContext } from '@grafana/data';
import { Alert, GlobalStyles, LoadingPlaceholder, PortalContainer } from '@grafana/ui';
import React, { useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { getDashboard, listDashboards, listDataSources, type DashboardSummary } from './api';
import { useFonts } from './fonts';
import { PanelGrid } from './PanelGrid';
import type { DashboardModel } from './model';
import { Panel } from './Panel';
import { PreviewBanner, Toolbar } from './Toolbar';
import { useTicks, useTimeRange, useUrl } from './useDashboard';
import { loadVariables, valuesOf, type Variable } from './variables';

const START = 'entregas-tempo-real';

/** The page: one dashboard, chosen by the address. */
export function App({ onVariables }: { onVariables: (variables: readonly Variable[]) => void }) {
  const [url, change] = useUrl();
  const [dashboard, setDashboard] = useState<DashboardModel>();
  const [dashboards, setDashboards] = useState<readonly DashboardSummary[]>([]);
  const [variables, setVariables] = useState<readonly Variable[]>();
  const [problem, setProblem] = useState<string>();
  const theme = useMemo(() => createTheme({ colors: { mode: url.theme } }), [url.theme]);
  const interval = url.refresh ?? (dashboard?.refresh || '');
  const { tick, refresh } = useTicks(interval);
  const range = useTimeRange(url, dashboard, tick);
  const uid = url.uid ?? START;
  const hasFonts = useFonts();
  const eventBus = useMemo(() => new EventBusSrv(), []);

  useEffect(() => {
    const fail = (error: Error) => setProblem(error.message);
    listDashboards().then(setDashboards, fail);
    getDashboard(uid).then(setDashboard, fail);
  }, [uid]);
  useEffect(() => {
    if (dashboard === undefined) return;
    document.title = `${dashboard.title} - Rastreio (preview)`;
    const span = { from: range.from.valueOf(), to: range.to.valueOf() };
    listDataSources()
      .then((sources) => loadVariables(dashboard.templating?.list ?? [], url.variables, sources, span))
      .then(
        (loaded) => {
          // Before the panels draw with them: they ask the template service.
          onVariables(loaded);
          setVariables(loaded);
        },
        (error: Error) => setProblem(error.message),
      );
    // eslint-disable-next-line react-hooks/exhaustive-deps -- options are read when the dashboard or a choice changes, not at every tick
  }, [dashboard, url.variables]);
  const values = useMemo(() => valuesOf(variables ?? []), [variables]);
  useLayoutEffect(() => {
    document.body.style.background = theme.colors.background.canvas;
    document.body.style.colorScheme = theme.colors.mode;
  }, [theme]);

  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <main style={{ padding: url.kiosk ? 8 : 16 }}>
        {problem !== undefined && <Alert severity="error" title={problem} />}
        {dashboard === undefined || variables === undefined || !hasFonts ? (
          <LoadingPlaceholder text="..." />
        ) : (
          <>
            {!url.kiosk && <PreviewBanner />}
            {!url.kiosk && (
              <Toolbar
                dashboard={dashboard}
                dashboards={dashboards}
                variables={variables}
                url={url}
                range={range}
                refreshInterval={interval}
                onChange={change}
                onRefresh={refresh}
              />
            )}
            <PanelGrid dashboard={dashboard} viewPanel={url.viewPanel}>
              {(panel, box) => (
                <Panel
                  panel={panel}
                  range={range}
                  variables={values}
                  width={box.width}
                  height={box.height}
                  eventBus={eventBus}
                  sync={dashboard.graphTooltip ?? DashboardCursorSync.Off}
                  onRange={({ from, to }) => change({ from: String(from), to: String(to) })}
                />
              )}
            </PanelGrid>
          </>
        )}
      </main>
      <PortalContainer />
    </ThemeContext.Provider>
  );
}
