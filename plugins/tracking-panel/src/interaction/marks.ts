import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { FORCED_COLORS } from '../shared/forcedColors';

/** How an entry stands while something is selected. */
export type Mark = 'selected' | 'dimmed' | undefined;

/** Share of a dimmed slice's color that is left over the panel's background. */
const DIMMED = 0.28;

/**
 * Looks of selected and dimmed entries. Neither is told by color alone (WCAG 1.4.1): a selected slice has an outline, a
 * selected row a bar; texts of dimmed entries keep the contrast of the theme's text.
 */
export const getMarkStyles = (theme: GrafanaTheme2) => ({
  slice: {
    selected: css({ '& > path:first-of-type': { stroke: theme.colors.text.maxContrast, strokeWidth: 2.5 } }),
    dimmed: css({
      '& > path:first-of-type': { fillOpacity: DIMMED },
      '& text': { fill: theme.colors.text.primary },
    }),
  },
  row: {
    selected: css({
      '&:not(tr), tr& > :first-child': {
        boxShadow: `inset 3px 0 0 ${theme.colors.text.maxContrast}`,
        // High contrast has no shadows.
        [FORCED_COLORS]: { outline: '2px solid Highlight', outlineOffset: -2 },
      },
    }),
    dimmed: css({
      color: theme.colors.text.secondary,
      // Swatches carry their status's color in place; a cell with a bar does too, and holds a number.
      '& [style*="background"]:not(td)': { opacity: DIMMED },
    }),
  },
  pressable: css({ cursor: 'pointer' }),
  button: css({
    all: 'unset',
    display: 'inline-block',
    maxWidth: '100%',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    verticalAlign: 'bottom',
    cursor: 'pointer',
    // A name can be selected and copied, though it is a button.
    userSelect: 'text',
    borderRadius: theme.shape.radius.default,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2 },
  }),
});
