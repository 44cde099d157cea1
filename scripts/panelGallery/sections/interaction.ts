import { byName, only, type DemoSection } from '../demo';
import { ORIGINAL, statuses } from '../sql';

/** The dashboard's variable; two of its values are chosen when the gallery opens. */
export const VARIABLE = {
  name: 'status',
  values: ORIGINAL.map(([status]) => status),
  chosen: ['ENTREGUE', 'EXTRAVIADO'],
};

export const INTERACTION: DemoSection = {
  id: 8,
  title: 'Interaction',
  demos: [
    {
      title: 'Selection that filters',
      description: 'ENTREGUE and EXTRAVIADO are selected by the variable "status"; a press changes it.',
      queries: [statuses(ORIGINAL)],
      options: {
        show: { pie: true, cards: false, table: true },
        titles: { pieHeading: '', pie: '', table: '' },
        selection: { variable: VARIABLE.name },
      },
      height: 12,
    },
    {
      title: 'Filtered by the selection',
      description: 'Another panel, whose query names the variable: it shows what is selected.',
      queries: [`${statuses(ORIGINAL)} WHERE status_rastreamento IN ($${VARIABLE.name})`],
      options: only('pie'),
      height: 12,
    },
    {
      title: 'Selection off, links of a status',
      description: 'A press opens the menu of the status’s data links.',
      queries: [statuses(ORIGINAL)],
      options: {
        show: { pie: true, cards: false, table: true },
        titles: { pieHeading: '', pie: '', table: '' },
        selection: { enabled: false },
      },
      overrides: [
        byName('status_rastreamento', {
          links: [
            { title: 'Pacotes', url: '/d/entregas-lote?var-status=${__value.raw}' },
            { title: 'Rotas', url: '/d/entregas-tempo-real?var-status=${__value.raw}' },
          ],
        }),
      ],
      height: 12,
    },
    {
      title: 'Shared highlight',
      description: 'The pointer on a status here or in another panel lights it up in both.',
      queries: [statuses(ORIGINAL)],
      options: only('pie'),
    },
    {
      title: 'Old data',
      description: 'Without new data for a second, a badge tells their age.',
      queries: [statuses(ORIGINAL)],
      options: { ...only('pie'), stale: { afterSeconds: 1 } },
    },
  ],
};
