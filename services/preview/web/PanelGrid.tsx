import { Alert, useTheme2 } from '@grafana/ui';
import React, { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { placePanels, totalHeight, type Box } from './grid';
import type { DashboardModel, PanelModel } from './model';

interface PanelGridProps {
  readonly dashboard: DashboardModel;
  /** The panel that is drawn alone; null: all of them. */
  readonly viewPanel: number | null;
  readonly children: (panel: PanelModel, size: { width: number; height: number }) => React.ReactNode;
}

/** The panels in their places, or one of them over the whole page. */
export function PanelGrid({ dashboard, viewPanel, children }: PanelGridProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () =>
      setRoom({ width: element.clientWidth, height: window.innerHeight - 2 * element.offsetTop });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    window.addEventListener('resize', measure);
    measure();
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, []);
  const panels = useMemo(
    () => dashboard.panels.filter(({ id }) => viewPanel === null || id === viewPanel),
    [dashboard, viewPanel],
  );
  const boxes = useMemo(
    () =>
      viewPanel === null
        ? placePanels(panels, room.width)
        : new Map(panels.map(({ id }): [number, Box] => [id, { left: 0, top: 0, ...room }])),
    [panels, viewPanel, room],
  );
  return (
    <div ref={ref} style={{ position: 'relative', height: totalHeight(boxes), marginTop: 8 }}>
      {panels.length === 0 && <Alert severity="error" title={`There is no panel ${viewPanel ?? ''} here`} />}
      {room.width > 0 &&
        panels.map((panel) => {
          const box = boxes.get(panel.id);
          if (box === undefined) return null;
          return (
            <div key={panel.id} data-testid={`panel ${panel.id}`} style={{ position: 'absolute', ...box }}>
              {panel.type === 'row' ? <Row title={panel.title} /> : children(panel, box)}
            </div>
          );
        })}
    </div>
  );
}

function Row({ title }: { title: string }) {
  const theme = useTheme2();
  return <h2 style={{ ...theme.typography.h5, margin: 0, color: theme.colors.text.primary }}>{title}</h2>;
}
