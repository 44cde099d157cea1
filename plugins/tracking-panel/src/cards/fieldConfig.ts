import { type FieldConfigEditorBuilder, type SelectFieldConfigSettings } from '@grafana/data';
import { t } from '@grafana/i18n';
import { commonOptionsBuilder } from '@grafana/ui';
import { type BetterIs, type FieldDuration, type TrackingFieldConfig } from './types';
import { durationChoices } from './options';

/** What a field can be told by the panel's own properties, for all fields or by overrides. */
export function addFieldConfig(builder: FieldConfigEditorBuilder<TrackingFieldConfig>): void {
  const category = [t('options.category-cards', 'KPI cards')];
  commonOptionsBuilder.addHideFrom(builder);
  builder
    .addSelect<BetterIs, SelectFieldConfigSettings<BetterIs>>({
      path: 'betterIs',
      name: t('options.better-is', 'Better is'),
      description: t(
        'options.better-is-description',
        'Which way a change is good news. Auto: lower for the mean time.'
      ),
      category,
      defaultValue: 'auto',
      settings: {
        options: [
          { value: 'auto', label: t('options.auto', 'Auto') },
          { value: 'lower', label: t('options.better-lower', 'Lower') },
          { value: 'higher', label: t('options.better-higher', 'Higher') },
          { value: 'neither', label: t('options.better-neither', 'Neither') },
        ],
      },
    })
    .addSelect<FieldDuration, SelectFieldConfigSettings<FieldDuration>>({
      path: 'duration',
      name: t('options.field-duration', 'Duration format'),
      description: t('options.field-duration-description', 'For numbers in seconds.'),
      category,
      defaultValue: 'auto',
      settings: {
        options: [
          { value: 'auto', label: t('options.auto', 'Auto') },
          ...durationChoices(),
          { value: 'off', label: t('options.duration-off', 'Not a duration') },
        ],
      },
    });
}
