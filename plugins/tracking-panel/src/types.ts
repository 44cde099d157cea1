import { type CardOptions, DEFAULT_CARD_OPTIONS } from './cardTypes';
import { DEFAULT_TABLE_OPTIONS, type TableOptions } from './tableTypes';

export type PieType = 'pie' | 'donut';
/** `query`: as the rows come. */
export type SliceSort = 'valueDesc' | 'valueAsc' | 'name' | 'query';
export type SliceLabel = 'name' | 'value' | 'percent';
/** `auto`: inside where the whole label fits, outside else. */
export type LabelPlacement = 'inside' | 'outside' | 'auto';
/** `selected`: the status that pointer or focus is on, else the total. `kpi`: the field named in `centreField`. */
export type DonutCentre = 'none' | 'total' | 'selected' | 'kpi';
/** Grafana's own values: one slice, all of them, no tooltip. */
export type TooltipMode = 'single' | 'multi' | 'none';
export type LegendValue = 'value' | 'percent';
export type LegendMode = 'list' | 'table';
export type LegendPlacement = 'bottom' | 'right';
/** `viewer`: the language that the viewer has in Grafana. */
export type NumberLocale = 'viewer' | 'pt-BR' | 'en-US';
/** `unit`: as the field's unit says; `full`: all digits, in groups, for the units none, short and locale alike. */
export type CountForm = 'unit' | 'full';

export interface NumberOptions {
  /** Of every number that the panel writes, the CSV included. */
  locale: NumberLocale;
  counts: CountForm;
}

export type DataFormat = 'auto' | 'long' | 'wide';

/** What a dashboard stores for this panel. Paths are part of the saved dashboards: rename only with a migration. */
export interface TrackingOptions {
  show: { pie: boolean; cards: boolean; table: boolean };
  data: {
    format: DataFormat;
    /** Name of the field with the statuses; empty: found by guess. */
    statusField?: string;
    /** Name of the field with the counts; empty: found by guess. */
    valueField?: string;
    /** Names of fields in seconds to be shown as durations. */
    durationFields: string[];
  };
  numbers: NumberOptions;
  pie: {
    type: PieType;
    sort: SliceSort;
    labels: SliceLabel[];
    labelPlacement: LabelPlacement;
    /** Font size of the labels in pixels. */
    labelSize: number;
    /** Decimals of every percent, 0 to 3. */
    percentDecimals: number;
    /** Width of a donut's ring in percent of its radius. */
    donutThickness: number;
    /** What stands in a donut's hole. */
    centre: DonutCentre;
    /** Name of the field whose first value is the KPI in the hole. */
    centreField?: string;
    /** Tells statuses apart by a pattern too, not by color alone. */
    patterns: boolean;
  };
  /** Which statuses pie and legend gather in one slice. A status that either rule names is gathered. */
  others: {
    /** So many of the largest statuses stay by themselves, 100 at most; 0: all up to that. */
    top: number;
    /** A status below this percentage is gathered; 0: none. */
    minShare: number;
  };
  legend: {
    show: boolean;
    mode: LegendMode;
    placement: LegendPlacement;
    values: LegendValue[];
    /** Width in pixels on the right side; unset: what its texts need. */
    width?: number;
  };
  tooltip: { mode: TooltipMode; hideZeros: boolean };
  cards: CardOptions;
  table: TableOptions;
  selection: {
    /** Whether a click on a status selects it. */
    enabled: boolean;
    /** Name of the dashboard variable that holds the selection; empty: the panel keeps its own. */
    variable: string;
  };
  stale: {
    /** Age in seconds from which the data are called old; 0: only when a query has failed. */
    afterSeconds: number;
  };
  titles: {
    pieHeading: string;
    pie: string;
    meanHeading: string;
    mean: string;
    totalHeading: string;
    total: string;
    table: string;
    others: string;
    empty: string;
    /** Instead of a value that nobody knows. */
    unknown: string;
  };
}

/**
 * The options of a new panel. The titles are content, not interface: they are the words of the dashboard this panel
 * was made for, stay the same in every viewer's language, and can be edited.
 */
export const DEFAULT_OPTIONS: TrackingOptions = {
  show: { pie: true, cards: true, table: true },
  data: { format: 'auto', durationFields: [] },
  numbers: { locale: 'viewer', counts: 'unit' },
  pie: {
    type: 'pie',
    sort: 'valueDesc',
    labels: ['percent'],
    labelPlacement: 'inside',
    labelSize: 12,
    percentDecimals: 1,
    donutThickness: 42,
    centre: 'none',
    patterns: false,
  },
  others: { top: 0, minShare: 0.5 },
  legend: { show: true, mode: 'table', placement: 'right', values: ['value', 'percent'] },
  tooltip: { mode: 'single', hideZeros: false },
  cards: DEFAULT_CARD_OPTIONS,
  table: DEFAULT_TABLE_OPTIONS,
  selection: { enabled: true, variable: '' },
  stale: { afterSeconds: 0 },
  titles: {
    pieHeading: 'Pacotes por Status Atual',
    pie: 'Distribuição de Status',
    meanHeading: 'Tempo Médio de Entrega',
    mean: 'Média do Envio à Entrega',
    totalHeading: 'Total de Pacotes',
    total: 'Total de Pacotes Únicos no Sistema',
    table: 'Dados de Status',
    others: 'Outros',
    empty: 'Aguardando dados... Verifique se o consumidor Kafka e o banco de dados estão em execução.',
    unknown: 'sem dados',
  },
};
