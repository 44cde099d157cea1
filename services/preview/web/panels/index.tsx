import { identityOverrideProcessor, PanelPlugin, type PanelProps } from '@grafana/data';
import React, { type ComponentType } from 'react';
import { loadPlugin } from '../pluginLoader';
import { BarGaugePanel } from './BarGaugePanel';
import { Stat } from './Stat';
import { TablePanel } from './TablePanel';
import { TextPanel } from './TextPanel';
import { TimeSeriesPanel } from './TimeSeriesPanel';

// Field options beyond the standard ones that our dashboards set; what is not listed here would be dropped.
const TABLE_FIELDS = {
  align: 'auto',
  cellOptions: { type: 'auto' },
  inspect: false,
  width: undefined,
  minWidth: undefined,
  filterable: undefined,
  hidden: undefined,
};
const GRAPH_FIELDS = {
  drawStyle: 'line',
  lineInterpolation: 'linear',
  lineWidth: 1,
  fillOpacity: 0,
  gradientMode: 'none',
  showPoints: 'auto',
  pointSize: 5,
  spanNulls: false,
  insertNulls: false,
  stacking: { mode: 'none', group: 'A' },
  axisPlacement: 'auto',
  axisLabel: '',
  axisColorMode: 'text',
  axisBorderShow: false,
  axisCenteredZero: false,
  axisSoftMin: undefined,
  axisSoftMax: undefined,
  barAlignment: 0,
  barWidthFactor: 0.6,
  lineStyle: undefined,
  scaleDistribution: { type: 'linear' },
  hideFrom: { legend: false, tooltip: false, viz: false },
  thresholdsStyle: { mode: 'off' },
};

const CORE: Readonly<Record<string, () => PanelPlugin>> = {
  stat: () => corePanel(Stat, {}),
  bargauge: () => corePanel(BarGaugePanel, {}),
  table: () => corePanel(TablePanel, TABLE_FIELDS),
  timeseries: () => corePanel(TimeSeriesPanel, GRAPH_FIELDS),
  text: () => corePanel(TextPanel, {}),
};
const OURS = ['rastreio-tracking-panel'];
const loaded = new Map<string, Promise<PanelPlugin>>();

/** The panel plugin of a type; a type that only Grafana has gets one that says so. */
export function panelPlugin(type: string): Promise<PanelPlugin> {
  const known = loaded.get(type) ?? load(type);
  loaded.set(type, known);
  return known;
}

async function load(type: string): Promise<PanelPlugin> {
  if (OURS.includes(type)) return loadPlugin(type);
  return CORE[type]?.() ?? corePanel(() => <p>This panel type ({type}) is drawn by Grafana only.</p>, {});
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- PanelPlugin's own default: each panel types its options
type AnyPanel = ComponentType<PanelProps<any>>;

function corePanel(component: AnyPanel, fields: Readonly<Record<string, unknown>>): PanelPlugin {
  return new PanelPlugin(component).useFieldConfig({
    useCustomConfig: (builder) => {
      for (const [path, defaultValue] of Object.entries(fields)) {
        builder.addCustomEditor({
          id: path,
          path,
          name: path,
          defaultValue,
          editor: () => null,
          override: () => null,
          process: identityOverrideProcessor,
          shouldApply: () => true,
        });
      }
    },
  });
}
