import { t } from '@grafana/i18n';
import { type Slice } from '../statuses/types';
import { numberFormatOf, viewerLanguage } from '../shared/locale';
import { type TrackingOptions } from '../types';

/**
 * Names slices as a screen reader says them, in the viewer's language: "ENTREGUE, 15 pacotes, 51,7 %". Asks the
 * translations once for each plural form: i18next takes longer for one text than React for drawing a slice.
 */
export function sliceNamer(decimals: number, options: TrackingOptions['numbers']): (slice: Slice) => string {
  const numbers = numberFormatOf(options);
  const forms = new Intl.PluralRules(viewerLanguage());
  const texts = new Map<Intl.LDMLPluralRule, string[]>();
  /** The text's pieces: every second one is the name of a value. */
  const piecesFor = (count: number): string[] => {
    const form = forms.select(count);
    const known = texts.get(form);
    if (known) {
      return known;
    }
    const text = t('pie.slice-name', '{{name}}, {{value}} packages, {{percent}} %', {
      count,
      defaultValue_one: '{{name}}, {{value}} package, {{percent}} %',
      defaultValue_other: '{{name}}, {{value}} packages, {{percent}} %',
      skipInterpolation: true,
    });
    const pieces = text.split(/\{\{(\w+)\}\}/);
    texts.set(form, pieces);
    return pieces;
  };
  return (slice) => {
    const values: Partial<Record<string, string>> = {
      name: slice.label,
      value: slice.valueText,
      percent: numbers.percentNumber(slice.percent, decimals),
    };
    return piecesFor(slice.value).reduce(
      (name, piece, index) => name + (index % 2 === 0 ? piece : (values[piece] ?? '')),
      ''
    );
  };
}
