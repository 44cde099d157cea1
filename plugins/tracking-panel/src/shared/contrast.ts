import { colorManipulator } from '@grafana/data';

/** What Grafana's color functions can read; other CSS colors (a gradient, `transparent`) make them throw. */
const READABLE = /^(#([0-9a-f]{3}|[0-9a-f]{6})$|(rgb|hsl)a?\(|color\()/i;

/**
 * Black or white, whichever has the higher contrast on this color: at least 4.5:1 on any opaque one, which is what
 * WCAG asks for small text. White on a color that cannot be read.
 */
export function textColorOn(background: string): '#000000' | '#ffffff' {
  if (!READABLE.test(background)) {
    return '#ffffff';
  }
  const { getContrastRatio } = colorManipulator;
  return getContrastRatio('#ffffff', background) >= getContrastRatio('#000000', background)
    ? '#ffffff'
    : '#000000';
}

/** Contrast that lines of a pattern have on their slice: what WCAG 1.4.11 asks of parts of a picture. */
const MIN_INK_CONTRAST = 3;

/**
 * A color for the lines of a pattern on this color: the same hue, as much darker or lighter as 3:1 asks, in the
 * direction of {@link textColorOn}, so that it can always be had. Black or white on a color that cannot be read.
 */
export function inkOn(background: string): string {
  const text = textColorOn(background);
  if (!READABLE.test(background)) {
    return text;
  }
  const { darken, getContrastRatio, lighten } = colorManipulator;
  for (let amount = 0.3; amount < 1; amount += 0.05) {
    const ink = (text === '#000000' ? darken : lighten)(background, amount);
    if (getContrastRatio(ink, background) >= MIN_INK_CONTRAST) {
      return ink;
    }
  }
  return text;
}
