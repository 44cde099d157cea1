import { type Field, FieldColorModeId, type FieldConfig, type GrafanaTheme2 } from '@grafana/data';
import { mappingColors } from '../shared/fields';

/** How a value stands to its alert limits. */
export type Level = 'critical' | 'warning' | 'ok';

/** Alert limits that came with a value, from the same row; undefined for one that did not. */
export interface AlertLimits {
  warning: number | undefined;
  critical: number | undefined;
}

/** A level with what it was judged by, in the field's own format. */
export interface Standing {
  level: Level;
  /** Whether values at and under a limit are the bad ones, as where higher is better. */
  isBelow: boolean;
  warningText: string | undefined;
  criticalText: string | undefined;
}

/**
 * The level of a value: a limit is passed by a value that equals it. Undefined where there is no value, or no limit to
 * judge it by: nothing is "ok" unless somebody said what is not.
 */
export function levelOf(
  value: number,
  { warning, critical }: AlertLimits,
  isBelow: boolean
): Level | undefined {
  if (Number.isNaN(value) || (warning === undefined && critical === undefined)) {
    return undefined;
  }
  const passes = (limit: number | undefined) =>
    limit !== undefined && (isBelow ? value <= limit : value >= limit);
  return passes(critical) ? 'critical' : passes(warning) ? 'warning' : 'ok';
}

/**
 * Whether somebody gave this value of the field a color: by a value mapping, or by a color or thresholds that differ
 * from those of all fields of the panel (`defaults`), as an override makes them.
 */
export function hasOwnColor(
  field: Field,
  value: number | null,
  defaults: FieldConfig,
  theme: GrafanaTheme2
): boolean {
  if (mappingColors(field, theme)(value) !== undefined) {
    return true;
  }
  const byThresholds = { mode: FieldColorModeId.Thresholds };
  // Grafana's own choice for fields that have thresholds and no color.
  const usual = defaults.color ?? (defaults.thresholds ? byThresholds : undefined);
  const { color, thresholds } = field.config;
  return (
    !isSame(color, usual) ||
    (color?.mode === FieldColorModeId.Thresholds && !isSame(thresholds?.steps, defaults.thresholds?.steps))
  );
}

/** The first step's value is null in a saved dashboard and minus infinity in a drawn one: one text either way. */
const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
