import { t } from '@grafana/i18n';
import { DEFAULT_OPTIONS } from '../types';
import { type Builder } from '../shared/editor';

/** How every number of the panel is written. */
export function addNumbers(builder: Builder): void {
  const category = [t('options.category-numbers', 'Numbers')];
  builder
    .addRadio({
      path: 'numbers.locale',
      name: t('options.number-locale', 'Locale'),
      description: t(
        'options.number-locale-description',
        'Of counts, percents, changes, durations and the CSV. Viewer: the language set in Grafana, whatever the browser has.'
      ),
      category,
      defaultValue: DEFAULT_OPTIONS.numbers.locale,
      settings: {
        options: [
          { value: 'viewer', label: t('options.number-locale-viewer', 'Viewer') },
          // Numbers, not words: the same in every language.
          { value: 'pt-BR', label: '1.234,5' },
          { value: 'en-US', label: '1,234.5' },
        ],
      },
    })
    .addRadio({
      path: 'numbers.counts',
      name: t('options.number-counts', 'Counts'),
      description: t(
        'options.number-counts-description',
        'All digits: numbers with the units none, short and locale are written alike.'
      ),
      category,
      defaultValue: DEFAULT_OPTIONS.numbers.counts,
      settings: {
        options: [
          { value: 'unit', label: t('options.number-counts-unit', 'As the unit says') },
          { value: 'full', label: t('options.number-counts-full', 'All digits') },
        ],
      },
    });
}
