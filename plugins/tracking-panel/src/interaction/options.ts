import { type SelectFieldConfigSettings } from '@grafana/data';
import { t } from '@grafana/i18n';
import { dashboardVariables } from './dashboardVariables';
import { DEFAULT_OPTIONS } from '../types';
import { type Builder, hasStatuses } from '../shared/editor';

/** What a click on a status does. */
export function addSelection(builder: Builder): void {
  const category = [t('options.category-selection', 'Selection')];
  builder
    .addBooleanSwitch({
      path: 'selection.enabled',
      name: t('options.selection-enabled', 'Select by click'),
      description: t(
        'options.selection-enabled-description',
        'Click, Enter or Space selects a status; Ctrl, Cmd or Shift selects several; Escape clears.'
      ),
      category,
      defaultValue: DEFAULT_OPTIONS.selection.enabled,
      showIf: hasStatuses,
    })
    .addSelect<string, SelectFieldConfigSettings<string>>({
      path: 'selection.variable',
      name: t('options.selection-variable', 'Dashboard variable'),
      description: t(
        'options.selection-variable-description',
        'Holds the selected statuses, so that other panels can filter by it. Do not use it in the queries of this panel.'
      ),
      category,
      defaultValue: DEFAULT_OPTIONS.selection.variable,
      showIf: (options) => hasStatuses(options) && options.selection.enabled,
      settings: {
        options: [],
        allowCustomValue: true,
        isClearable: true,
        getOptions: async () => variableChoices(),
      },
    });
}

/** Variables that a user can set, as choices; none where the host has no dashboard. */
function variableChoices() {
  return dashboardVariables()
    .filter(({ type }) => ['query', 'custom', 'textbox'].includes(type))
    .map(({ name, label }) => ({ value: name, label: name, description: label ?? undefined }));
}
