import { colorManipulator, type GrafanaTheme2 } from '@grafana/data';
import { type CardColor } from './types';
import { DEFAULT_FIELD_COLOR } from '../constants';
import { type Card } from './cards';
import { type Level } from './alertLimits';

const PALETTES = { critical: 'error', warning: 'warning', ok: 'success' } as const satisfies Record<
  Level,
  string
>;

export interface CardLook {
  /** What decided the color; undefined for the field's own. */
  level: Level | 'unknown' | undefined;
  /** Of the value, where values are painted; may be undefined where nothing is known of it. */
  color: string | undefined;
  /** Of the card; undefined for the usual one. */
  background: string | undefined;
}

/**
 * The colors of a card: grey for a value that nobody knows, whatever the field's thresholds say of nothing; the field's
 * own color; else that of its limits. The theme's text shades are for texts, its main shades for areas.
 */
export function lookOf(card: Card, mode: CardColor, theme: GrafanaTheme2): CardLook {
  if (card.isUnknown) {
    return { level: 'unknown', color: theme.colors.text.secondary, background: undefined };
  }
  const level = card.hasOwnColor ? undefined : card.standing?.level;
  const palette = level && theme.colors[PALETTES[level]];
  const color = palette ? (mode === 'background' ? palette.main : palette.text) : card.value.color;
  // The text's color is what every field of a new panel has: nobody asked for a card of it.
  const isChosen = palette !== undefined || !isTextColor(color, theme);
  return { level, color, background: mode === 'background' && isChosen ? color : undefined };
}

function isTextColor(color: string | undefined, theme: GrafanaTheme2): boolean {
  const { asHexString } = colorManipulator;
  const text = theme.visualization.getColorByName(DEFAULT_FIELD_COLOR);
  return color === undefined || color === text || color === asHexString(text);
}
