import { byName, only, type DemoSection } from '../demo';
import { CATALOGUE, ORIGINAL, statuses } from '../sql';

export const PIE: DemoSection = {
  id: 1,
  title: 'Pie',
  demos: [
    {
      title: 'Pie',
      description: 'A full pie, percents inside the slices, legend as a table on the right.',
      queries: [statuses(ORIGINAL)],
      options: only('pie'),
    },
    {
      title: 'Donut',
      description: 'The same figures as a ring.',
      queries: [statuses(ORIGINAL)],
      options: only('pie', { pie: { type: 'donut' } }),
    },
    {
      title: 'Thin donut',
      description: 'A ring of 15 % of its radius.',
      queries: [statuses(ORIGINAL)],
      options: only('pie', { pie: { type: 'donut', donutThickness: 15 } }),
    },
    {
      title: 'Donut with the total',
      description: '29 in the hole.',
      queries: [statuses(ORIGINAL)],
      options: only('pie', { pie: { type: 'donut', donutThickness: 30, centre: 'total' } }),
    },
    {
      title: 'Donut with what is pointed at',
      description: 'The total in the hole; the status while pointer or focus is on a slice.',
      queries: [statuses(ORIGINAL)],
      options: only('pie', { pie: { type: 'donut', donutThickness: 30, centre: 'selected' } }),
    },
    {
      title: 'Donut with a KPI',
      description: 'The mean delivery time in the hole, written as its card would be.',
      queries: [statuses(ORIGINAL), 'SELECT 204120 AS tempo_medio_segundos'],
      options: only('pie', {
        pie: { type: 'donut', donutThickness: 25, centre: 'kpi', centreField: 'tempo_medio_segundos' },
        legend: { show: false },
      }),
    },
    {
      title: 'Sorted by name',
      description: 'Clockwise in alphabetical order, in the legend from top to bottom.',
      queries: [statuses(CATALOGUE)],
      options: only('pie', { pie: { sort: 'name' } }),
    },
    {
      title: 'Fewest first',
      description: 'The smallest slice starts at twelve o’clock.',
      queries: [statuses(CATALOGUE)],
      options: only('pie', { pie: { sort: 'valueAsc' } }),
    },
    {
      title: 'Order of the query',
      description: 'The steps of a delivery one after the other, as the rows come.',
      queries: [
        statuses([
          ['POSTADO', 640],
          ['EM TRÂNSITO', 1320],
          ['EM ROTA DE ENTREGA', 860],
          ['ENTREGUE', 4210],
        ]),
      ],
      options: only('pie', { pie: { sort: 'query' } }),
    },
    {
      title: 'Color by mapping',
      description:
        'ENTREGUE is black by a value mapping of the status field; the others keep the catalogue’s.',
      queries: [statuses(ORIGINAL)],
      options: only('pie'),
      overrides: [
        byName('status_rastreamento', {
          mappings: [{ type: 'value', options: { ENTREGUE: { color: '#111111', index: 0 } } }],
        }),
      ],
    },
    {
      title: 'Color-blind-safe catalogue',
      description: 'All nine statuses of the catalogue in their own colors.',
      queries: [statuses(CATALOGUE)],
      options: only('pie', { pie: { labels: [] } }),
    },
    {
      title: 'Patterns',
      description: 'Slices and legend swatches told apart by lines and dots too.',
      queries: [statuses(CATALOGUE)],
      options: only('pie', { pie: { labels: [], patterns: true } }),
    },
    {
      title: 'Others: the five largest stay',
      description: 'Four statuses are gathered in a last slice, "Outros", with its parts in the tooltip.',
      queries: [statuses(CATALOGUE)],
      options: only('pie', { others: { top: 5 } }),
    },
    {
      title: 'Others: below 5 %',
      description: 'Every status with less than 5 % is in "Demais", a title of one’s own.',
      queries: [statuses(CATALOGUE)],
      options: only('pie', { others: { minShare: 5 }, titles: { others: 'Demais' } }),
    },
    {
      title: 'Percents sum to 100',
      description: 'Thirds with no decimals: 34 %, 33 %, 33 %.',
      queries: [
        statuses([
          ['POSTADO', 1],
          ['EM TRÂNSITO', 1],
          ['ENTREGUE', 1],
        ]),
      ],
      options: only('pie', { pie: { percentDecimals: 0 } }),
    },
    {
      title: 'Hidden by override',
      description: 'Statuses in columns: POSTADO is nowhere, ENTREGUE not in the legend.',
      queries: ['SELECT 15 AS "ENTREGUE", 5 AS "EM TRÂNSITO", 2 AS "POSTADO", 4 AS "CANCELADO"'],
      options: only('pie'),
      overrides: [
        byName('POSTADO', { 'custom.hideFrom': { viz: true, legend: true, tooltip: true } }),
        byName('ENTREGUE', { 'custom.hideFrom': { viz: false, legend: true, tooltip: false } }),
      ],
    },
    {
      title: 'Tooltip with all, without zeros',
      description: 'The pointer on any slice lists every status but CANCELADO, which has none.',
      queries: [statuses([...ORIGINAL.filter(([status]) => status !== 'CANCELADO'), ['CANCELADO', 0]])],
      options: only('pie', { tooltip: { mode: 'multi', hideZeros: true } }),
    },
    {
      title: 'No tooltip',
      description: 'The pointer highlights and says nothing.',
      queries: [statuses(ORIGINAL)],
      options: only('pie', { tooltip: { mode: 'none' } }),
    },
  ],
};
