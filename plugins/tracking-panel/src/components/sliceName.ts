import { t } from '@grafana/i18n';
import { type Slice } from '../data/slices';
import { formatPercentNumber } from '../locale';

/** A status as a screen reader says it, in the viewer's language: "ENTREGUE, 15 pacotes, 51,7 %". */
export function sliceName(slice: Slice, decimals: number): string {
  return t('pie.slice-name', '{{name}}, {{value}} packages, {{percent}} %', {
    name: slice.label || t('status.missing', '(no status)'),
    value: slice.valueText,
    percent: formatPercentNumber(slice.percent, decimals),
    count: slice.value,
    defaultValue_one: '{{name}}, {{value}} package, {{percent}} %',
    defaultValue_other: '{{name}}, {{value}} packages, {{percent}} %',
    // React escapes already; twice would read "&amp;" aloud.
    interpolation: { escapeValue: false },
  });
}
