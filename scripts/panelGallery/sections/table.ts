import { byName, only, type DemoSection } from '../demo';
import { CATALOGUE, statuses } from '../sql';

export const TABLE: DemoSection = {
  id: 4,
  title: 'Status table',
  demos: [
    {
      title: 'Status table',
      description: 'Status, count and share; a click on a heading sorts.',
      queries: [statuses(CATALOGUE)],
      options: only('table'),
    },
    {
      title: 'Column names by override',
      description: 'Headings "Situação" and "Volumes", counts with thousands separators.',
      queries: [statuses(CATALOGUE)],
      options: only('table'),
      overrides: [
        byName('status_rastreamento', { displayName: 'Situação' }),
        byName('total_pacotes', { displayName: 'Volumes', unit: 'locale' }),
      ],
    },
  ],
};
