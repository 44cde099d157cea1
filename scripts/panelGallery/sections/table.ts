import { byName, only, type DemoSection, type Some } from '../demo';
import { CATALOGUE, manyStatuses, statuses, values } from '../sql';
import type { TrackingOptions } from '../../../plugins/tracking-panel/src/types';

const table = (options: Some<TrackingOptions['table']>) => only('table', { table: options });

const WITH_REGIONS = values(
  ['status_rastreamento', 'total_pacotes', 'regiao', 'atraso_medio'],
  [
    ['ENTREGUE', 420, 'Sudeste', 0],
    ['EM TRÂNSITO', 130, 'Sul', 3.5],
    ['POSTADO', 60, 'Norte', 1.25],
  ],
);

export const TABLE: DemoSection = {
  id: 5,
  title: 'Status table',
  demos: [
    {
      title: 'Table: bars',
      description: 'Status, count and share with bars; a click on a heading sorts.',
      queries: [statuses(CATALOGUE)],
      options: only('table'),
    },
    {
      title: 'Table: no bars',
      description: 'Shares as numbers alone.',
      queries: [statuses(CATALOGUE)],
      options: table({ shareBars: false }),
    },
    {
      title: 'Table: names by override',
      description: 'Headings "Situação" and "Volumes", counts with thousands separators.',
      queries: [statuses(CATALOGUE)],
      options: only('table'),
      overrides: [
        byName('status_rastreamento', { displayName: 'Situação' }),
        byName('total_pacotes', { displayName: 'Volumes', unit: 'locale' }),
      ],
    },
    {
      title: 'Table: columns',
      description: 'Further fields of the query, in the order of the option; no share.',
      queries: [WITH_REGIONS],
      options: table({ columns: ['field:regiao', 'status', 'count', 'field:atraso_medio'] }),
      overrides: [byName('atraso_medio', { unit: 'd', displayName: 'Atraso médio' })],
    },
    {
      title: 'Table: all tools',
      description: 'Search, choice of columns and a CSV button with plain values.',
      queries: [WITH_REGIONS],
      options: table({ search: true, chooseColumns: true, export: true, exportText: 'raw' }),
    },
    {
      title: 'Table: links',
      description: 'Each status is a link to its own page.',
      queries: [statuses(CATALOGUE)],
      options: only('table'),
      overrides: [
        byName('status_rastreamento', {
          links: [{ title: 'Abrir', url: '/d/entregas-lote?var-status=${__value.raw}' }],
        }),
      ],
    },
    {
      title: 'Table: 150 statuses',
      description:
        'The heading stays; after a hundred rows, one has the sum of the rest. The search finds all.',
      queries: [manyStatuses(150)],
      options: table({ search: true }),
    },
  ],
};
