import { Alert, Icon, useTheme2 } from '@grafana/ui';
import React, { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { placePanels, totalHeight, type Box } from './grid';
import type { DashboardModel, PanelModel } from './model';
import { allPanels, layRows } from './rows';

interface PanelGridProps {
  readonly dashboard: DashboardModel;
  /** The panel that is drawn alone; null: all of them. */
  readonly viewPanel: number | null;
  /** A text of a row with its variables filled in. */
  readonly titleOf: (text: string) => string;
  readonly children: (panel: PanelModel, size: { width: number; height: number }) => React.ReactNode;
}

/** The panels in their places, or one of them over the whole page. */
export function PanelGrid({ dashboard, viewPanel, titleOf, children }: PanelGridProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const [toggled, setToggled] = useState<ReadonlySet<number>>(new Set());
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
  const laid = useMemo(
    () =>
      viewPanel === null
        ? layRows(dashboard.panels, toggled)
        : allPanels(dashboard.panels)
            .filter(({ id }) => id === viewPanel)
            .map((panel) => ({ panel, isClosed: false })),
    [dashboard, viewPanel, toggled],
  );
  const boxes = useMemo(() => {
    const panels = laid.map(({ panel }) => panel);
    return viewPanel === null
      ? placePanels(panels, room.width)
      : new Map(panels.map(({ id }): [number, Box] => [id, { left: 0, top: 0, ...room }]));
  }, [laid, viewPanel, room]);
  const toggle = (id: number) =>
    setToggled((old) => new Set(old.has(id) ? [...old].filter((other) => other !== id) : [...old, id]));
  return (
    <div ref={ref} style={{ position: 'relative', height: totalHeight(boxes), marginTop: 8 }}>
      {laid.length === 0 && <Alert severity="error" title={`Não há painel ${viewPanel ?? ''} aqui`} />}
      {room.width > 0 &&
        laid.map(({ panel, isClosed }) => {
          const box = boxes.get(panel.id);
          if (box === undefined) return null;
          return (
            <div key={panel.id} data-testid={`panel ${panel.id}`} style={{ position: 'absolute', ...box }}>
              {panel.type === 'row' ? (
                <Row title={titleOf(panel.title)} isClosed={isClosed} onToggle={() => toggle(panel.id)} />
              ) : (
                children(panel, box)
              )}
            </div>
          );
        })}
    </div>
  );
}

/** A heading that shows or hides the panels under it. */
function Row({ title, isClosed, onToggle }: { title: string; isClosed: boolean; onToggle: () => void }) {
  const theme = useTheme2();
  return (
    <h2 style={{ ...theme.typography.h5, margin: 0, color: theme.colors.text.primary }}>
      <button
        type="button"
        aria-expanded={!isClosed}
        onClick={onToggle}
        style={{ all: 'unset', cursor: 'pointer', font: 'inherit' }}
      >
        <Icon name={isClosed ? 'angle-right' : 'angle-down'} aria-hidden /> {title}
      </button>
    </h2>
  );
}
