export type PieType = 'pie' | 'donut';
export type SliceSort = 'valueDesc' | 'valueAsc' | 'name';
export type SliceLabel = 'name' | 'value' | 'percent';
export type LegendValue = 'value' | 'percent';
export type LegendMode = 'list' | 'table';
export type LegendPlacement = 'bottom' | 'right';
export type DataFormat = 'auto' | 'long' | 'wide';
export type CardColour = 'none' | 'value' | 'background';

/** What a dashboard stores for this panel. Paths are part of the saved dashboards: rename only with a migration. */
export interface TrackingOptions {
  show: { pie: boolean; cards: boolean; table: boolean };
  data: {
    format: DataFormat;
    /** Name of the field with the statuses; empty: found by guess. */
    statusField?: string;
    /** Name of the field with the counts; empty: found by guess. */
    valueField?: string;
    /** Names of fields in seconds to be shown as "2 dias, 08:42:00". */
    durationFields: string[];
  };
  pie: {
    type: PieType;
    sort: SliceSort;
    labels: SliceLabel[];
    /** Decimals of every percent, 0 to 3. */
    percentDecimals: number;
  };
  legend: { show: boolean; mode: LegendMode; placement: LegendPlacement; values: LegendValue[] };
  cards: { colour: CardColour };
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
    empty: string;
  };
}

/**
 * The options of a new panel. The titles are content, not interface: they are the words of the dashboard this panel
 * was made for, stay the same in every viewer's language, and can be edited.
 */
export const DEFAULT_OPTIONS: TrackingOptions = {
  show: { pie: true, cards: true, table: true },
  data: { format: 'auto', durationFields: [] },
  pie: { type: 'pie', sort: 'valueDesc', labels: ['percent'], percentDecimals: 1 },
  legend: { show: true, mode: 'table', placement: 'right', values: ['value', 'percent'] },
  cards: { colour: 'value' },
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
    empty: 'Aguardando dados... Verifique se o consumidor Kafka e o banco de dados estão em execução.',
  },
};
