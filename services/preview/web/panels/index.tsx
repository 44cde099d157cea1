import {
  FieldColorModeId,
  FieldConfigProperty,
  identityOverrideProcessor,
  PanelPlugin,
  type PanelProps,
} from '@grafana/data';
import React, { type ComponentType } from 'react';
import { PanelState } from '../PanelState';
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
  hideFrom: { viz: false },
  wrapHeaderText: undefined,
  wrapText: undefined,
  tooltip: undefined,
  footer: undefined,
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
  axisGridShow: undefined,
  axisWidth: undefined,
  fillBelowTo: undefined,
  transform: undefined,
  pointSymbol: undefined,
  showValues: undefined,
};

// Options of Grafana's panels that a dashboard need not save.
const REDUCED = {
  reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' },
  orientation: 'auto',
};
const STAT_OPTIONS = {
  ...REDUCED,
  textMode: 'auto',
  wideLayout: true,
  colorMode: 'value',
  graphMode: 'area',
  justifyMode: 'auto',
  showPercentChange: false,
  percentChangeColorMode: 'standard',
};
const GAUGE_OPTIONS = {
  ...REDUCED,
  displayMode: 'gradient',
  valueMode: 'color',
  namePlacement: 'auto',
  showUnfilled: true,
  sizing: 'auto',
  minVizHeight: 16,
  minVizWidth: 8,
  maxVizHeight: 300,
};
const TABLE_OPTIONS = { showHeader: true, showTypeIcons: false, cellHeight: 'sm', frameIndex: 0 };
const GRAPH_OPTIONS = {
  legend: { displayMode: 'list', placement: 'bottom', calcs: [], showLegend: true },
  tooltip: { mode: 'single', sort: 'none', hideZeros: false },
};

const CORE: Readonly<Record<string, () => PanelPlugin>> = {
  stat: () => corePanel(Stat, {}, STAT_OPTIONS),
  bargauge: () => corePanel(BarGaugePanel, {}, GAUGE_OPTIONS),
  table: () => corePanel(TablePanel, TABLE_FIELDS, TABLE_OPTIONS),
  timeseries: () => corePanel(TimeSeriesPanel, GRAPH_FIELDS, GRAPH_OPTIONS, FieldColorModeId.PaletteClassic),
  text: () => corePanel(TextPanel, {}, { mode: 'markdown', content: '' }),
};
const OURS = ['rastreio-tracking-panel'];

/** Whether a panel keeps its last figures and says what is wrong by itself. */
export const keepsItsData = (type: string): boolean => OURS.includes(type);
/** Whether a panel is drawn whatever the queries answer. */
export const drawsWithoutData = (type: string): boolean =>
  type === 'text' || !(type in CORE || keepsItsData(type));

const loaded = new Map<string, Promise<PanelPlugin>>();

/** The panel plugin of a type; a type that only Grafana has gets one that says so. */
export function panelPlugin(type: string): Promise<PanelPlugin> {
  const known = loaded.get(type) ?? load(type);
  loaded.set(type, known);
  return known;
}

async function load(type: string): Promise<PanelPlugin> {
  if (OURS.includes(type)) return loadPlugin(type);
  return (
    CORE[type]?.() ??
    corePanel(
      () => <PanelState look="unavailable" text={`Este tipo de painel (${type}) só existe no Grafana.`} />,
      {},
    )
  );
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- PanelPlugin's own default: each panel types its options
type AnyPanel = ComponentType<PanelProps<any>>;

const nothing = () => null;

function corePanel(
  component: AnyPanel,
  fields: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>> = {},
  color = FieldColorModeId.Thresholds,
): PanelPlugin {
  return new PanelPlugin(component)
    .useFieldConfig({
      standardOptions: { [FieldConfigProperty.Color]: { defaultValue: { mode: color } } },
      useCustomConfig: (builder) => {
        for (const [path, defaultValue] of Object.entries(fields)) {
          builder.addCustomEditor({
            ...{ id: path, path, name: path, defaultValue },
            ...{ editor: nothing, override: nothing },
            process: identityOverrideProcessor,
            shouldApply: () => true,
          });
        }
      },
    })
    .setPanelOptions((builder) => {
      for (const [path, defaultValue] of Object.entries(options))
        builder.addCustomEditor({ id: path, path, name: path, defaultValue, editor: nothing });
    });
}
