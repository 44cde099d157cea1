import { colorManipulator, type GrafanaTheme2 } from '@grafana/data';
import { type CardColour } from './types';
import { DEFAULT_FIELD_COLOUR } from '../constants';
import { type Card } from './cards';
import { type Level } from './alertLimits';

const PALETTES = { critical: 'error', warning: 'warning', ok: 'success' } as const satisfies Record<Level, string>;

export interface CardLook {
  /** What decided the colour; undefined for the field's own. */
  level: Level | 'unknown' | undefined;
  /** Of the value, where values are painted; may be undefined where nothing is known of it. */
  colour: string | undefined;
  /** Of the card; undefined for the usual one. */
  background: string | undefined;
}

/**
 * The colours of a card: grey for a value that nobody knows, whatever the field's thresholds say of nothing; the field's
 * own colour; else that of its limits. The theme's text shades are for texts, its main shades for areas.
 */
export function lookOf(card: Card, mode: CardColour, theme: GrafanaTheme2): CardLook {
  if (card.isUnknown) {
    return { level: 'unknown', colour: theme.colors.text.secondary, background: undefined };
  }
  const level = card.hasOwnColour ? undefined : card.standing?.level;
  const palette = level && theme.colors[PALETTES[level]];
  const colour = palette ? (mode === 'background' ? palette.main : palette.text) : card.value.color;
  // The text's color is what every field of a new panel has: nobody asked for a card of it.
  const isChosen = palette !== undefined || !isTextColour(colour, theme);
  return { level, colour, background: mode === 'background' && isChosen ? colour : undefined };
}

function isTextColour(colour: string | undefined, theme: GrafanaTheme2): boolean {
  const { asHexString } = colorManipulator;
  const text = theme.visualization.getColorByName(DEFAULT_FIELD_COLOUR);
  return colour === undefined || colour === text || colour === asHexString(text);
}
