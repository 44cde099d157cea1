/** The id Grafana knows the plugin by; also the namespace of its translations. */
export const PLUGIN_ID = 'rastreio-tracking-panel';

/** `data-testid`s, shared by the jest and the Playwright tests. */
export const TEST_IDS = {
  panel: 'rastreio-tracking panel',
  state: (kind: string) => `rastreio-tracking state ${kind}`,
  errorBanner: 'rastreio-tracking error-banner',
  pie: 'rastreio-tracking pie',
  slice: (status: string) => `rastreio-tracking slice ${status}`,
  sliceLabel: (status: string) => `rastreio-tracking slice-label ${status}`,
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
  tableRow: (status: string) => `rastreio-tracking table-row ${status}`,
} as const;
