/** The id Grafana knows the plugin by; also the namespace of its translations. */
export const PLUGIN_ID = 'rastreio-tracking-panel';

/** Color of every field of a new panel: cards are drawn in the text's color until somebody chooses another. */
export const DEFAULT_FIELD_COLOR = 'text';

/** `data-testid`s, shared by the jest and the Playwright tests. */
export const TEST_IDS = {
  panel: 'rastreio-tracking panel',
  state: (kind: string) => `rastreio-tracking state ${kind}`,
  errorBanner: 'rastreio-tracking error-banner',
  missing: 'rastreio-tracking missing',
  pie: 'rastreio-tracking pie',
  slice: (status: string) => `rastreio-tracking slice ${status}`,
  sliceLabel: (status: string) => `rastreio-tracking slice-label ${status}`,
  centre: 'rastreio-tracking centre',
  tooltip: 'rastreio-tracking tooltip',
  legend: 'rastreio-tracking legend',
  legendItem: (status: string) => `rastreio-tracking legend-item ${status}`,
  legendValue: (status: string) => `rastreio-tracking legend-value ${status}`,
  legendPercent: (status: string) => `rastreio-tracking legend-percent ${status}`,
  hiddenTable: 'rastreio-tracking hidden-table',
  staleBadge: 'rastreio-tracking stale-badge',
  cards: 'rastreio-tracking cards',
  card: (id: string) => `rastreio-tracking card ${id}`,
  table: 'rastreio-tracking table',
  restRow: 'rastreio-tracking rest-row',
  tableRow: (status: string) => `rastreio-tracking table-row ${status}`,
} as const;
