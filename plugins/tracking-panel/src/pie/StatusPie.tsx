import { css } from '@emotion/css';
import { type DisplayValue, type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { type SliceSet } from '../statuses/types';
import { type LegendLayout } from './legendLayout';
import { type TrackingOptions } from '../types';
import { type Highlight } from '../interaction/highlight';
import { PieChart } from './PieChart';
import { PieLegend } from './PieLegend';

/** The pie keeps at least this share of its box when the legend below is long; the legend then scrolls. */
const LEGEND_MAX_SHARE = 0.5;
const MIN_PIE = 140;
/** With less height than this, a pie over a legend could not be seen: then there is no legend. */
const LEGEND_FROM = 120;

interface Props {
  statuses: SliceSet;
  options: TrackingOptions;
  /** For the donut's hole, where the options ask for a KPI there. */
  kpi: DisplayValue | undefined;
  /** Undefined for no legend. */
  legend: LegendLayout | undefined;
  width: number;
  height: number;
  highlight: Highlight;
}

/**
 * Pie and legend in one box. Grafana's VizLayout measures a legend after it is drawn and draws the pie on the next round;
 * this one knows its legend's size beforehand, so nothing appears late or moves.
 */
export function StatusPie({ statuses, options, kpi, legend: wanted, width, height, highlight }: Props) {
  const styles = useStyles2(getStyles);
  const isRight = wanted?.placement === 'right';
  const legend = isRight || height >= LEGEND_FROM ? wanted : undefined;
  const maxHeight = Math.floor(Math.max(height - MIN_PIE, height * LEGEND_MAX_SHARE));
  const legendWidth = isRight ? (wanted.width ?? 0) : width;
  const legendHeight = isRight ? height : Math.min(legend?.height ?? 0, maxHeight);
  return (
    <div className={styles.box} style={{ width, height, flexDirection: isRight ? 'row' : 'column' }}>
      <PieChart
        statuses={statuses}
        options={options}
        kpi={kpi}
        title={options.titles.pie || options.titles.pieHeading}
        width={isRight ? width - legendWidth : width}
        height={isRight ? height : height - legendHeight}
        highlight={highlight}
      />
      {legend && (
        <div className={styles.legend} style={{ width: legendWidth, height: legendHeight }}>
          <PieLegend statuses={statuses} options={options} layout={legend} highlight={highlight} />
        </div>
      )}
    </div>
  );
}

const getStyles = (_theme: GrafanaTheme2) => ({
  box: css({ display: 'flex' }),
  legend: css({ flexShrink: 0, marginLeft: 'auto' }),
});
