import { only, type Demo, type DemoSection, type Some } from '../demo';
import { CATALOGUE, manyStatuses, ORIGINAL, statuses } from '../sql';
import type { TrackingOptions } from '../../../plugins/tracking-panel/src/types';

const ALL: TrackingOptions['pie']['labels'] = ['name', 'value', 'percent'];

const labelled = (
  title: string,
  description: string,
  query: string,
  pie: Some<TrackingOptions['pie']>,
): Demo => ({ title, description, queries: [query], options: only('pie', { pie, legend: { show: false } }) });

export const LABELS: DemoSection = {
  id: 2,
  title: 'Labels',
  demos: [
    labelled('Labels inside', 'Three lines on each slice that has room for them.', statuses(ORIGINAL), {
      labels: ALL,
    }),
    labelled('Labels outside', 'Beside the pie with leader lines, none over another.', statuses(CATALOGUE), {
      labels: ['name', 'percent'],
      labelPlacement: 'outside',
    }),
    labelled(
      'Labels inside where they fit',
      'Large slices have theirs inside, the others outside.',
      statuses(CATALOGUE),
      {
        labels: ['name', 'percent'],
        labelPlacement: 'auto',
      },
    ),
    labelled('Forty labels outside', 'As many as have room, none over another, none cut.', manyStatuses(40), {
      labels: ['name', 'value'],
      labelPlacement: 'outside',
    }),
    labelled('Large labels', 'Twenty pixels.', statuses(ORIGINAL), { labels: ['percent'], labelSize: 20 }),
    labelled('No labels', 'Slices without text.', statuses(ORIGINAL), { labels: [] }),
  ],
};
