import {
  displayNameOverrideProcessor,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  stringOverrideProcessor,
  ThresholdsMode,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
  type TransformerRegistryItem,
} from '@grafana/data';

const nothing = () => null;

// Outside Grafana the registries are empty, and whatever they lack is stripped from field configs.
const STANDARD_PROPERTIES = {
  unit: unitOverrideProcessor,
  min: numberOverrideProcessor,
  max: numberOverrideProcessor,
  decimals: numberOverrideProcessor,
  displayName: displayNameOverrideProcessor,
  color: identityOverrideProcessor,
  noValue: stringOverrideProcessor,
  links: identityOverrideProcessor,
  actions: identityOverrideProcessor,
  mappings: valueMappingsOverrideProcessor,
  thresholds: thresholdsOverrideProcessor,
  filterable: identityOverrideProcessor,
  fieldMinMax: identityOverrideProcessor,
} as const;

/** What Grafana gives a field whose dashboard says nothing of thresholds. */
const DEFAULT_THRESHOLDS = {
  mode: ThresholdsMode.Absolute,
  steps: [
    { value: -Infinity, color: 'green' },
    { value: 80, color: 'red' },
  ],
};

const EDITORS = [
  'text',
  'boolean',
  'radio',
  'select',
  'multi-select',
  'field-name',
  'slider',
  'number',
  'color',
  'unit',
  'string-array',
  'timezone',
  'icon',
];

/** Fills Grafana's registries with what drawing a dashboard needs; editors are never shown here. */
export function fillRegistries(): void {
  standardFieldConfigEditorRegistry.setInit(() =>
    Object.entries(STANDARD_PROPERTIES).map(([id, process]) => ({
      id,
      path: id,
      name: id,
      editor: nothing,
      override: nothing,
      process,
      shouldApply: () => true,
      settings: {},
      ...(id === 'thresholds' ? { defaultValue: DEFAULT_THRESHOLDS } : {}),
    })),
  );
  standardEditorsRegistry.setInit(() => EDITORS.map((id) => ({ id, name: id, editor: nothing })));
  standardTransformersRegistry.setInit(() => {
    const byId = new Map(
      Object.values(standardTransformers).map((transformation) => [transformation.id, transformation]),
    );
    return [...byId].map(
      ([id, transformation]) =>
        ({ id, name: id, transformation, editor: nothing }) as unknown as TransformerRegistryItem<unknown>,
    );
  });
}
