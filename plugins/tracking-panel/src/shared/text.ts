/** Width in pixels of a text in some font. Injected, because only a browser can measure. */
export type Measure = (text: string) => number;

const ELLIPSIS = '…';

/** The text, or as much of its beginning as fits with an ellipsis; empty if not even one character does. */
export function ellipsise(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) {
    return text;
  }
  // By code points: half a surrogate pair would be drawn as a box.
  const characters = Array.from(text);
  const shortened = (length: number) => characters.slice(0, length).join('').trimEnd() + ELLIPSIS;
  let fits = 0;
  let fails = characters.length;
  while (fails - fits > 1) {
    const middle = Math.floor((fits + fails) / 2);
    if (measure(shortened(middle)) <= width) {
      fits = middle;
    } else {
      fails = middle;
    }
  }
  return fits === 0 ? '' : shortened(fits);
}

/** A number's text with every digit the same, so that what is measured does not change with it. */
export const steadyDigits = (text: string): string => text.replace(/\d/g, '0');

/** The same measure, which asks for each text once. */
export function remembering(measure: Measure): Measure {
  const known = new Map<string, number>();
  return (text) => {
    const width = known.get(text) ?? measure(text);
    known.set(text, width);
    return width;
  };
}
