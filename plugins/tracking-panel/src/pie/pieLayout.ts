import { formattedValueToString } from '@grafana/data';
import { type Slice, type SliceSet } from '../statuses/types';
import { numberFormatOf } from '../shared/locale';
import { type TrackingOptions } from '../types';
import { type Arc, arcsOf } from './geometry';
import { type Label, labelSize, type LabelText, pieRadius, placeLabels } from './labels';
import { type Size } from './shapes';
import { remembering, steadyDigits } from '../shared/text';

const LINE_HEIGHT = 1.25;
/** Room for names outside, as a share of the drawing's width on each side; longer ones get an ellipsis. */
const MAX_NAME_SHARE = 0.25;

export interface PieLayout {
  outer: number;
  /** Radius of the hole; 0 for a pie. */
  inner: number;
  /** The slices that have an arc, clockwise from twelve. */
  drawn: Array<{ slice: Slice; arc: Arc }>;
  labels: ReadonlyMap<string, Label>;
}

/**
 * Where everything of the pie is in a drawing of this size, whose centre is 0,0. The pie's radius depends on size, options
 * and names, and not on the counts while their sum has as many digits.
 */
export function layoutPie(
  { gathered, totalDisplay }: SliceSet,
  { pie, numbers: numberOptions }: TrackingOptions,
  size: Size,
  measureAt: (text: string, fontSize: number) => number
): PieLayout {
  const font = {
    lineHeight: Math.round(pie.labelSize * LINE_HEIGHT),
    measure: remembering((text) => measureAt(text, pie.labelSize)),
  };
  const numbers = numberFormatOf(numberOptions);
  const textsOf = (name: string, value: string, percent: number) =>
    pie.labels.map((label): LabelText => ({
      isName: label === 'name',
      text:
        label === 'name' ? name : label === 'value' ? value : numbers.percent(percent, pie.percentDecimals),
    }));
  const names = pie.labels.includes('name') ? gathered.map(({ label }) => label) : [];
  const longest = names.reduce((best, name) => (font.measure(name) > font.measure(best) ? name : best), '');
  const hasOutside = pie.labelPlacement !== 'inside' && pie.labels.length > 0;
  const largest = textsOf(longest, steadyDigits(formattedValueToString(totalDisplay)), 100);
  const outer = pieRadius(
    size,
    hasOutside ? labelSize(largest, size.width * MAX_NAME_SHARE, font) : undefined
  );
  const inner = pie.type === 'donut' ? outer * (1 - pie.donutThickness / 100) : 0;
  const arcs = arcsOf(gathered.map(({ value }) => value));
  const drawn = gathered.flatMap((slice, index) => {
    const arc = arcs[index];
    return arc && arc.end > arc.start ? [{ slice, arc }] : [];
  });
  const labels = placeLabels(
    drawn.map(({ slice, arc }) => ({
      id: slice.id,
      arc,
      value: slice.value,
      texts: textsOf(slice.label, slice.valueText, slice.percent),
    })),
    pie.labelPlacement,
    { ...size, ...font, inner, outer }
  );
  return { outer, inner, drawn, labels: new Map(labels.map((label) => [label.id, label])) };
}
