import { type GrafanaTheme2 } from '@grafana/data';
import { type CardColour } from '../cardTypes';
import { type Card } from '../data/cards';
import { type Level } from '../data/limits';

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
  return { level, colour, background: mode === 'background' ? colour : undefined };
}
