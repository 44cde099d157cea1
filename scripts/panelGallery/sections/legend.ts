import { only, type DemoSection } from '../demo';
import { CATALOGUE, manyStatuses, ORIGINAL, statuses } from '../sql';

export const LEGEND: DemoSection = {
  id: 3,
  title: 'Legend',
  demos: [
    {
      title: 'Legend list at the bottom',
      description: 'Entries flow like words below the pie.',
      queries: [statuses(ORIGINAL)],
      options: only('pie', { legend: { mode: 'list', placement: 'bottom' } }),
    },
    {
      title: 'Legend list on the right',
      description: 'One entry a line beside the pie.',
      queries: [statuses(ORIGINAL)],
      options: only('pie', { legend: { mode: 'list' } }),
    },
    {
      title: 'Legend table at the bottom',
      description: 'Numbers right-aligned in columns below the pie.',
      queries: [statuses(ORIGINAL)],
      options: only('pie', { legend: { placement: 'bottom' } }),
    },
    {
      title: 'Legend with percents only',
      description: 'One column of numbers.',
      queries: [statuses(CATALOGUE)],
      options: only('pie', { legend: { values: ['percent'] } }),
    },
    {
      title: 'Legend without numbers',
      description: 'Names alone.',
      queries: [statuses(CATALOGUE)],
      options: only('pie', { legend: { values: [] } }),
    },
    {
      title: 'No legend',
      description: 'The pie has all the room.',
      queries: [statuses(CATALOGUE)],
      options: only('pie', { legend: { show: false } }),
    },
    {
      title: 'Legend of a set width',
      description: '160 px: names are wrapped and shortened, numbers whole.',
      queries: [statuses(CATALOGUE)],
      options: only('pie', { legend: { width: 160 } }),
    },
    {
      title: 'Legend of forty statuses',
      description: 'It scrolls beside the pie.',
      queries: [manyStatuses(40)],
      options: only('pie', { pie: { labels: [] } }),
    },
  ],
};
