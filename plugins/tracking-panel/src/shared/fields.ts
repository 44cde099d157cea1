import {
  type DataFrame,
  type Field,
  FieldColorModeId,
  FieldType,
  formattedValueToString,
  getDisplayProcessor,
  getFieldDisplayName,
  type GrafanaTheme2,
} from '@grafana/data';

/** Whether a user who picked `name` in the editor means this field: by its display name or by its name in the query. */
export function isNamed(field: Field, frame: DataFrame, series: DataFrame[], name: string): boolean {
  return field.name === name || getFieldDisplayName(field, frame, series) === name;
}

/** First field, over all frames, that {@link isNamed} and has one of `types`. */
export function findNamed(
  series: DataFrame[],
  name: string | undefined,
  types: readonly FieldType[]
): { frame: DataFrame; field: Field } | undefined {
  if (!name) {
    return undefined;
  }
  for (const frame of series) {
    const field = frame.fields.find(
      (candidate) => types.includes(candidate.type) && isNamed(candidate, frame, series, name)
    );
    if (field) {
      return { frame, field };
    }
  }
  return undefined;
}

/** No theme has this color, so a display that answers it had none of its own. */
const NO_COLOR = '#010203';

/**
 * Finds the color that the field's value mappings give a raw value; undefined where no mapping has one.
 * `field.display` itself always answers some color and does not tell where it is from; the same processor over a field
 * of a color nobody uses does.
 */
export function mappingColors(field: Field, theme: GrafanaTheme2): (value: unknown) => string | undefined {
  if (!field.config.mappings?.length) {
    return () => undefined;
  }
  const color = { mode: FieldColorModeId.Fixed, fixedColor: NO_COLOR };
  // Grafana paints booleans and enums whatever the field's color is.
  const type = field.type === FieldType.number ? FieldType.number : FieldType.string;
  const display = getDisplayProcessor({
    field: { ...field, type, config: { ...field.config, color } },
    theme,
  });
  return (value) => {
    const color = display(value).color;
    return color === NO_COLOR ? undefined : color;
  };
}

/** Whether a value mapping, not the unit, decides the text of this value. */
export function hasMappedText(field: Field, value: number, theme: GrafanaTheme2): boolean {
  if (!field.config.mappings?.length) {
    return false;
  }
  const plain = getDisplayProcessor({
    field: { ...field, config: { ...field.config, mappings: [] } },
    theme,
  });
  // Not the field's own, which may write numbers in another locale.
  const mapped = getDisplayProcessor({ field, theme });
  return formattedValueToString(plain(value)) !== formattedValueToString(mapped(value));
}

/** Whether the user hid the field from the visualization (override "Hide in area"). */
export function isHidden(field: Field): boolean {
  return field.config.custom?.hideFrom?.viz === true;
}

export const numberFields = (frame: DataFrame): Field[] =>
  frame.fields.filter((field) => field.type === FieldType.number && !isHidden(field));
