import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2, VizTooltip } from '@grafana/ui';
import React from 'react';
import { TEST_IDS } from '../constants';
import { type Slice } from '../statuses/types';
import { numberFormatOf } from '../shared/locale';
import { tooltipRows } from './tooltipRows';
import { type TrackingOptions } from '../types';
import { Swatch } from './Swatch';

/** From the pointer. */
const OFFSET = { x: 12, y: 12 };

interface Props {
  active: Slice;
  slices: Slice[];
  options: TrackingOptions;
  /** In the page. */
  position: { x: number; y: number };
}

/** The slice pointed at, or all of them with it marked; the slice of the others opens to its parts. */
export function PieTooltip({ active, slices, options, position }: Props) {
  const styles = useStyles2(getStyles);
  const numbers = numberFormatOf(options.numbers);
  const { rows, more } = tooltipRows(active, slices, options.tooltip);
  if (rows.length === 0) {
    return null;
  }
  const content = (
    <div className={styles.rows} data-testid={TEST_IDS.tooltip}>
      {rows.map(({ slice, isPart }) => (
        <div
          key={slice.id}
          className={cx(
            styles.row,
            isPart && styles.part,
            options.tooltip.mode === 'multi' && slice === active && styles.active
          )}
        >
          <Swatch slice={slice} patterns={options.pie.patterns} />
          <span className={styles.name}>{slice.label}</span>
          <span className={styles.value}>
            {`${slice.valueText} (${numbers.percent(slice.percent, options.pie.percentDecimals)})`}
          </span>
        </div>
      ))}
      {more > 0 && (
        <div className={styles.more}>
          {t('pie.tooltip-more', '{{count}} more', {
            count: more,
            defaultValue_one: '{{count}} more',
            defaultValue_other: '{{count}} more',
          })}
        </div>
      )}
    </div>
  );
  return <VizTooltip position={position} offset={OFFSET} content={content} />;
}

const getStyles = (theme: GrafanaTheme2) => ({
  rows: css({ fontSize: theme.typography.bodySmall.fontSize, maxWidth: 360 }),
  row: css({ display: 'flex', alignItems: 'center', lineHeight: 1.6 }),
  part: css({ paddingLeft: theme.spacing(2) }),
  active: css({ fontWeight: theme.typography.fontWeightBold, color: theme.colors.text.maxContrast }),
  name: css({ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }),
  value: css({ paddingLeft: theme.spacing(2), whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }),
  more: css({ color: theme.colors.text.secondary, lineHeight: 1.6 }),
});
