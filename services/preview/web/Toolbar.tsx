import { type TimeRange } from '@grafana/data';
import { Alert, RefreshPicker, Stack, TimeRangePicker, ToolbarButton } from '@grafana/ui';
import React from 'react';
import type { DashboardSummary } from './api';
import { LinkBar } from './LinkBar';
import type { DashboardModel, LinkModel } from './model';
import type { UrlState } from './urlState';
import { VariablePicker } from './VariablePicker';
import type { Scope } from './variables/interpolate';

interface ToolbarProps {
  readonly dashboard: DashboardModel;
  readonly dashboards: readonly DashboardSummary[];
  readonly scope: Scope;
  readonly url: UrlState;
  readonly range: TimeRange;
  readonly refreshInterval: string;
  readonly onChange: (changes: Readonly<Record<string, string | readonly string[] | null>>) => void;
  readonly onRefresh: () => void;
}

/** Links of a dashboard that has none: else there would be no way to the others. */
const ALL_DASHBOARDS: readonly LinkModel[] = [
  { type: 'dashboards', title: 'Dashboards', tags: [], keepTime: true },
];

/** Title, variables, links, time range, refresh and theme of a dashboard. */
export function Toolbar({
  dashboard,
  dashboards,
  scope,
  url,
  range,
  refreshInterval,
  onChange,
  onRefresh,
}: ToolbarProps) {
  const setRange = (next: TimeRange) => onChange({ from: rawText(next.raw.from), to: rawText(next.raw.to) });
  const shift = (direction: -1 | 1) => {
    const span = (range.to.valueOf() - range.from.valueOf()) / 2;
    onChange({
      from: String(range.from.valueOf() + direction * span),
      to: String(range.to.valueOf() + direction * span),
    });
  };
  const zoomOut = () => {
    const half = (range.to.valueOf() - range.from.valueOf()) / 2;
    onChange({ from: String(range.from.valueOf() - half), to: String(range.to.valueOf() + half) });
  };
  return (
    <Stack direction="row" wrap="wrap" alignItems="center" justifyContent="space-between" gap={1}>
      <Stack direction="row" wrap="wrap" alignItems="center" gap={1}>
        <h1 style={{ fontSize: 18, margin: 0 }}>{dashboard.title}</h1>
        {[...scope.variables.values()]
          .filter(({ model }) => model.hide !== 2 && model.type !== 'constant')
          .map((variable) => (
            <VariablePicker key={variable.model.name} variable={variable} onChange={onChange} />
          ))}
      </Stack>
      <Stack direction="row" wrap="wrap" alignItems="center" gap={1}>
        <LinkBar
          links={dashboard.links?.length ? dashboard.links : ALL_DASHBOARDS}
          dashboards={dashboards}
          uid={dashboard.uid}
          scope={scope}
        />
        <TimeRangePicker
          value={range}
          onChange={setRange}
          onChangeTimeZone={() => undefined}
          onMoveBackward={() => shift(-1)}
          onMoveForward={() => shift(1)}
          onZoom={zoomOut}
          isOnCanvas
        />
        <RefreshPicker
          value={refreshInterval}
          onRefresh={onRefresh}
          onIntervalChanged={(refresh) => onChange({ refresh })}
          isOnCanvas
        />
        <ToolbarButton
          icon="adjust-circle"
          variant="canvas"
          tooltip={url.theme === 'dark' ? 'Tema claro' : 'Tema escuro'}
          aria-label={url.theme === 'dark' ? 'Tema claro' : 'Tema escuro'}
          onClick={() => onChange({ theme: url.theme === 'dark' ? 'light' : 'dark' })}
        />
      </Stack>
    </Stack>
  );
}

/** Says what this page is and is not. */
export function PreviewBanner() {
  return (
    <Alert severity="info" title="Pré-visualização, não é o Grafana" topSpacing={0} bottomSpacing={1}>
      Mesmos dashboards, mesmas consultas e o mesmo plugin, sem edição e sem alertas. Com o Grafana:
      GRAFANA_HOME=/caminho/do/grafana npm start, ou docker compose up -d.
    </Alert>
  );
}

function rawText(value: TimeRange['raw']['from']): string {
  return typeof value === 'string' ? value : String(value.valueOf());
}
