import { type SelectFieldConfigSettings } from '@grafana/data';
import { t } from '@grafana/i18n';
import { DEFAULT_OPTIONS, type TrackingOptions } from '../types';
import { gathersOthers } from './options';
import { type Builder, hasPie } from '../shared/editor';

const hasLegend = (options: TrackingOptions) => options.show.pie && options.legend.show;

/** Grafana's own names and values where it has the option. */
export function addLegend(builder: Builder): void {
  const category = [t('options.category-legend', 'Legend')];
  builder
    .addBooleanSwitch({
      path: 'legend.show',
      name: t('options.legend-show', 'Show'),
      category,
      defaultValue: DEFAULT_OPTIONS.legend.show,
      showIf: hasPie,
    })
    .addRadio({
      path: 'legend.mode',
      name: t('options.legend-mode', 'Mode'),
      category,
      defaultValue: DEFAULT_OPTIONS.legend.mode,
      showIf: hasLegend,
      settings: {
        options: [
          { value: 'list', label: t('options.legend-list', 'List') },
          { value: 'table', label: t('options.legend-table', 'Table') },
        ],
      },
    })
    .addRadio({
      path: 'legend.placement',
      name: t('options.legend-placement', 'Placement'),
      description: t(
        'options.legend-placement-description',
        'Goes to the bottom where the right side has no room for its numbers.'
      ),
      category,
      defaultValue: DEFAULT_OPTIONS.legend.placement,
      showIf: hasLegend,
      settings: {
        options: [
          { value: 'bottom', label: t('options.legend-bottom', 'Bottom') },
          { value: 'right', label: t('options.legend-right', 'Right') },
        ],
      },
    })
    .addNumberInput({
      path: 'legend.width',
      name: t('options.legend-width', 'Width'),
      description: t('options.legend-width-description', 'Never less than its numbers need.'),
      category,
      showIf: (options) => hasLegend(options) && options.legend.placement === 'right',
      settings: { placeholder: t('options.auto', 'Auto'), min: 0, integer: true },
    })
    .addMultiSelect<string, SelectFieldConfigSettings<string>>({
      path: 'legend.values',
      name: t('options.legend-values', 'Values'),
      category,
      // The builder types the default of a multi-select as one value.
      defaultValue: DEFAULT_OPTIONS.legend.values as unknown as string,
      showIf: hasLegend,
      settings: {
        options: [
          { value: 'value', label: t('options.label-value', 'Value') },
          { value: 'percent', label: t('options.label-percent', 'Percent') },
        ],
      },
    });
}

/** What pointing at a slice tells. */
export function addTooltip(builder: Builder): void {
  const category = [t('options.category-tooltip', 'Tooltip')];
  builder
    .addRadio({
      path: 'tooltip.mode',
      name: t('options.tooltip-mode', 'Tooltip mode'),
      category,
      defaultValue: DEFAULT_OPTIONS.tooltip.mode,
      showIf: hasPie,
      settings: {
        options: [
          { value: 'single', label: t('options.tooltip-single', 'Single') },
          { value: 'multi', label: t('options.tooltip-all', 'All') },
          { value: 'none', label: t('options.tooltip-hidden', 'Hidden') },
        ],
      },
    })
    .addBooleanSwitch({
      path: 'tooltip.hideZeros',
      name: t('options.tooltip-hide-zeros', 'Hide zeros'),
      category,
      defaultValue: DEFAULT_OPTIONS.tooltip.hideZeros,
      showIf: (options) =>
        hasPie(options) &&
        (options.tooltip.mode === 'multi' || (options.tooltip.mode === 'single' && gathersOthers(options))),
    });
}
