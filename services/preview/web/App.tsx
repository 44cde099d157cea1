import { createTheme, ThemeContext } from '@grafana/data';
import { Alert, GlobalStyles, LoadingPlaceholder, PortalContainer } from '@grafana/ui';
import React, { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { getDashboard, listDashboards, listDataSources, type DashboardSummary } from './api';
import { placePanels, totalHeight } from './grid';
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
      .then(setVariables, (error: Error) => setProblem(error.message));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- options are read when the dashboard or a choice changes, not at every tick
  }, [dashboard, url.variables]);
  const values = useMemo(() => valuesOf(variables ?? []), [variables]);
  useLayoutEffect(() => {
    onVariables(variables ?? []);
  }, [variables, onVariables]);
  useLayoutEffect(() => {
    document.body.style.background = theme.colors.background.canvas;
    document.body.style.colorScheme = theme.colors.mode;
  }, [theme]);

  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <main style={{ padding: url.kiosk ? 8 : 16 }}>
        {problem !== undefined && <Alert severity="error" title={problem} />}
        {dashboard === undefined || variables === undefined ? (
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
            <Grid dashboard={dashboard}>
              {(panel, box) => (
                <Panel
                  panel={panel}
                  range={range}
                  variables={values}
                  width={box.width}
                  height={box.height}
                  onRange={({ from, to }) => change({ from: String(from), to: String(to) })}
                />
              )}
            </Grid>
          </>
        )}
      </main>
      <PortalContainer />
    </ThemeContext.Provider>
  );
}

interface GridProps {
  readonly dashboard: DashboardModel;
  readonly children: (
    panel: DashboardModel['panels'][number],
    size: { width: number; height: number },
  ) => React.ReactNode;
}

function Grid({ dashboard, children }: GridProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  const boxes = useMemo(() => placePanels(dashboard.panels, width), [dashboard, width]);
  return (
    <div ref={ref} style={{ position: 'relative', height: totalHeight(boxes), marginTop: 8 }}>
      {width > 0 &&
        dashboard.panels.map((panel) => {
          const box = boxes.get(panel.id);
          if (box === undefined) return null;
          return (
            <div key={panel.id} data-testid={`panel ${panel.id}`} style={{ position: 'absolute', ...box }}>
              {children(panel, box)}
            </div>
          );
        })}
    </div>
  );
}
