import { byName, only, type DemoSection } from '../demo';
import { CATALOGUE, SEED, statuses } from '../sql';

const SMALL = { show: false } as const;

export const PIE: DemoSection = {
  id: 1,
  title: 'Pie',
  demos: [
    {
      title: 'Pie',
      description: 'A full pie, percents inside the slices, legend as a table on the right.',
      queries: [statuses(SEED)],
      options: only('pie'),
    },
    {
      title: 'Donut',
      description: 'The same figures as a ring.',
      queries: [statuses(SEED)],
      options: only('pie', { pie: { type: 'donut' } }),
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
      title: 'Labels name, value and percent',
      description: 'Three lines on each slice that has room for them.',
      queries: [statuses(SEED)],
      options: only('pie', { pie: { labels: ['name', 'value', 'percent'] }, legend: SMALL }),
    },
    {
      title: 'No labels',
      description: 'Slices without text.',
      queries: [statuses(SEED)],
      options: only('pie', { pie: { labels: [] }, legend: SMALL }),
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
      title: 'Color by mapping',
      description:
        'ENTREGUE is black by a value mapping of the status field; the others keep the catalogue’s.',
      queries: [statuses(SEED)],
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
  ],
};
