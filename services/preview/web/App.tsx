import { createTheme, DashboardCursorSync, EventBusSrv, ThemeContext } from '@grafana/data';
import { Alert, GlobalStyles, LoadingPlaceholder, PortalContainer } from '@grafana/ui';
import React, { useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { getDashboard, listDashboards, listDataSources, type DashboardSummary } from './api';
import { useFonts } from './fonts';
import { PanelGrid } from './PanelGrid';
import type { DashboardModel, DataSourceModel } from './model';
import { Panel } from './Panel';
import { PreviewBanner, Toolbar } from './Toolbar';
import { useTicks, useTimeRange, useUrl } from './useDashboard';
import { useScope } from './useScope';
import { interpolate, type Scope } from './variables/interpolate';

/** The page: one dashboard, chosen by the address. */
export function App({ onScope }: { onScope: (scope: Scope) => void }) {
  const [url, change] = useUrl();
  const [dashboard, setDashboard] = useState<DashboardModel>();
  const [dashboards, setDashboards] = useState<readonly DashboardSummary[]>([]);
  const [sources, setSources] = useState<readonly DataSourceModel[]>();
  const [problem, setProblem] = useState<string>();
  const theme = useMemo(() => createTheme({ colors: { mode: url.theme } }), [url.theme]);
  const interval = url.refresh ?? (dashboard?.refresh || '');
  const { tick, refresh } = useTicks(interval);
  const { range, raw } = useTimeRange(url, dashboard, tick);
  const hasFonts = useFonts();
  const eventBus = useMemo(() => new EventBusSrv(), []);

  useEffect(() => {
    const fail = (error: Error) => setProblem(error.message);
    listDashboards().then(setDashboards, fail);
    listDataSources().then(setSources, fail);
    // The server leads to the home page; without any dashboard there is none.
    if (url.uid === null) fail(new Error('Não há dashboards; veja PREVIEW_DASHBOARDS.'));
    else getDashboard(url.uid).then(setDashboard, fail);
  }, [url.uid]);
  useEffect(() => {
    if (dashboard !== undefined) document.title = `${dashboard.title} - Rastreio (preview)`;
  }, [dashboard]);
  const scope = useScope({ dashboard, sources, fromUrl: url.variables, range, raw, tick, onScope });
  useLayoutEffect(() => {
    document.body.style.background = theme.colors.background.canvas;
    document.body.style.colorScheme = theme.colors.mode;
  }, [theme]);
  const context = useMemo(
    () => (scope === undefined || sources === undefined ? undefined : { range, scope, sources }),
    [range, scope, sources],
  );

  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <main style={{ padding: url.kiosk ? 8 : 16 }}>
        {problem !== undefined && <Alert severity="error" title={problem} />}
        {dashboard === undefined || context === undefined || !hasFonts ? (
          problem === undefined && <LoadingPlaceholder text="..." />
        ) : (
          <>
            {!url.kiosk && <PreviewBanner />}
            {!url.kiosk && (
              <Toolbar
                dashboard={dashboard}
                dashboards={dashboards}
                scope={context.scope}
                url={url}
                range={range}
                refreshInterval={interval}
                onChange={change}
                onRefresh={refresh}
              />
            )}
            <PanelGrid
              dashboard={dashboard}
              viewPanel={url.viewPanel}
              titleOf={(text) => interpolate(text, context.scope, {}, 'text')}
            >
              {(panel, box) => (
                <Panel
                  panel={panel}
                  context={context}
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
