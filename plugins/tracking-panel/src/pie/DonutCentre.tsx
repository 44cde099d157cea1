import { css } from '@emotion/css';
import { type DisplayValue, formattedValueToString, type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { calculateFontSize, measureText, useStyles2 } from '@grafana/ui';
import React from 'react';
import { TEST_IDS } from '../constants';
import { type Slice, type SliceSet } from '../statuses/types';
import { type NumberFormat } from '../shared/locale';
import { type TrackingOptions } from '../types';

/** Radii of a hole from which on it has room for a value, for what it is under it, and for a share. */
const MIN_VALUE = 20;
const MIN_NAME = 36;
const MIN_SHARE = 52;
/** Of the hole's diameter: what value and name may take of it in width, and the value in height. */
const VALUE_SHARE = 0.86;
const NAME_SHARE = 0.76;
const HEIGHT_SHARE = 0.3;
const MAX_VALUE_SIZE = 48;
const BOLD = 500;

interface Props {
  statuses: SliceSet;
  /** The status that pointer or focus is on. */
  active: Slice | undefined;
  /** The KPI to show, if the options ask for one. */
  kpi: DisplayValue | undefined;
  options: TrackingOptions['pie'];
  numbers: NumberFormat;
  /** Of the hole, in pixels. */
  radius: number;
}

/** What stands in the hole of a donut. One font size for whatever it may show, so that it does not jump on hover. */
export function DonutCentre({ statuses, active, kpi, options, numbers, radius }: Props) {
  const styles = useStyles2(getStyles);
  const shown = contentOf(statuses, active, kpi, options, numbers);
  if (!shown || radius < MIN_VALUE) {
    return null;
  }
  const candidates = options.centre === 'selected' ? statuses.gathered.map(({ valueText }) => valueText) : [];
  const longest = [shown.value, formattedValueToString(statuses.totalDisplay), ...candidates]
    .slice(0, options.centre === 'kpi' ? 1 : undefined)
    .reduce((best, text) =>
      measureText(text, MAX_VALUE_SIZE, BOLD).width > measureText(best, MAX_VALUE_SIZE, BOLD).width
        ? text
        : best
    );
  const size = calculateFontSize(
    longest,
    2 * radius * VALUE_SHARE,
    2 * radius * HEIGHT_SHARE,
    1,
    MAX_VALUE_SIZE,
    BOLD
  );
  return (
    <div className={styles.centre} data-testid={TEST_IDS.centre}>
      <div className={styles.value} style={{ fontSize: size, color: shown.color }}>
        {shown.value}
      </div>
      {radius >= MIN_NAME && (
        <div className={styles.name} style={{ maxWidth: 2 * radius * NAME_SHARE }}>
          {shown.name}
        </div>
      )}
      {radius >= MIN_SHARE && shown.share && <div className={styles.name}>{shown.share}</div>}
    </div>
  );
}

interface Content {
  value: string;
  name: string;
  share?: string;
  color?: string;
}

function contentOf(
  statuses: SliceSet,
  active: Slice | undefined,
  kpi: DisplayValue | undefined,
  { centre, percentDecimals }: TrackingOptions['pie'],
  numbers: NumberFormat
): Content | undefined {
  if (centre === 'kpi') {
    return kpi && { value: formattedValueToString(kpi), name: kpi.title ?? '', color: kpi.color };
  }
  if (centre === 'selected' && active) {
    return {
      value: active.valueText,
      name: active.label,
      share: numbers.percent(active.percent, percentDecimals),
    };
  }
  return centre === 'none'
    ? undefined
    : { value: formattedValueToString(statuses.totalDisplay), name: t('pie.total', 'Total') };
}

const getStyles = (theme: GrafanaTheme2) => ({
  centre: css({
    position: 'absolute',
    inset: 0,
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    justifyContent: 'center',
    textAlign: 'center',
    pointerEvents: 'none',
  }),
  value: css({
    fontWeight: theme.typography.fontWeightMedium,
    lineHeight: 1.1,
    whiteSpace: 'nowrap',
    fontVariantNumeric: 'tabular-nums',
  }),
  name: css({
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: 1.3,
    color: theme.colors.text.secondary,
  }),
});
