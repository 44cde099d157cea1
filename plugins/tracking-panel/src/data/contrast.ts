import { colorManipulator } from '@grafana/data';

/** What Grafana's colour functions can read; other CSS colours (a gradient, `transparent`) make them throw. */
const READABLE = /^(#([0-9a-f]{3}|[0-9a-f]{6})$|(rgb|hsl)a?\(|color\()/i;

/**
 * Black or white, whichever has the higher contrast on this colour: at least 4.5:1 on any opaque one, which is what
 * WCAG asks for small text. White on a colour that cannot be read.
 */
export function textColourOn(background: string): '#000000' | '#ffffff' {
  if (!READABLE.test(background)) {
    return '#ffffff';
  }
  const { getContrastRatio } = colorManipulator;
  return getContrastRatio('#ffffff', background) >= getContrastRatio('#000000', background) ? '#ffffff' : '#000000';
}
