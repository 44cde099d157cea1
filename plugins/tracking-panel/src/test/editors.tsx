import {
  displayNameOverrideProcessor,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';

/**
 * Fills the registries that Grafana fills on start: without them no standard option (unit, mappings, ...) survives.
 * The processors are Grafana's own, the editors draw nothing.
 */
export function fillRegistries(): void {
  const item = (id: string, process: unknown) => ({
    id,
    path: id,
    name: id,
    editor: () => null,
    override: () => null,
    process,
    shouldApply: () => true,
    settings: {},
  });
  standardFieldConfigEditorRegistry.setInit(
    () =>
      [
        item('unit', unitOverrideProcessor),
        item('min', numberOverrideProcessor),
        item('max', numberOverrideProcessor),
        item('decimals', numberOverrideProcessor),
        item('displayName', displayNameOverrideProcessor),
        item('color', identityOverrideProcessor),
        item('noValue', stringOverrideProcessor),
        item('links', identityOverrideProcessor),
        item('actions', identityOverrideProcessor),
        item('filterable', identityOverrideProcessor),
        item('mappings', valueMappingsOverrideProcessor),
        item('thresholds', thresholdsOverrideProcessor),
        // The registry's item type asks for editors of every option type at once.
      ] as unknown as ReturnType<NonNullable<Parameters<typeof standardFieldConfigEditorRegistry.setInit>[0]>>
  );
  standardEditorsRegistry.setInit(() =>
    ['text', 'boolean', 'radio', 'select', 'multi-select', 'field-name', 'slider', 'number'].map((id) => ({
      id,
      name: id,
      editor: () => null,
    }))
  );
}
