import { VizLayout } from '@grafana/ui';
import React from 'react';
import { type Slice } from '../data/slices';
import { type LegendLayout } from '../pie/legendLayout';
import { type TrackingOptions } from '../types';
import { type Highlight } from './highlight';
import { PieChart } from './PieChart';
import { PieLegend } from './PieLegend';

/** The pie keeps at least this share of its box when the legend below is long; the legend then scrolls. */
const LEGEND_MAX_SHARE = 0.5;
const MIN_PIE = 140;

interface Props {
  slices: Slice[];
  options: TrackingOptions;
  /** Undefined for no legend. */
  legend: LegendLayout | undefined;
  width: number;
  height: number;
  highlight: Highlight;
}

/** Pie and legend in one box. */
export function StatusPie({ slices, options, legend, width, height, highlight }: Props) {
  const maxHeight = Math.max(height - MIN_PIE, height * LEGEND_MAX_SHARE);
  return (
    <VizLayout
      width={width}
      height={height}
      legend={
        legend && (
          <VizLayout.Legend
            placement={legend.placement}
            width={legend.placement === 'right' ? legend.width : undefined}
            maxHeight={`${Math.floor(maxHeight)}px`}
            maxWidth="100%"
          >
            <PieLegend slices={slices} options={options} layout={legend} highlight={highlight} />
          </VizLayout.Legend>
        )
      }
    >
      {(pieWidth, pieHeight) => (
        <PieChart
          slices={slices}
          options={options.pie}
          title={options.titles.pie || options.titles.pieHeading}
          width={pieWidth}
          height={pieHeight}
          highlight={highlight}
        />
      )}
    </VizLayout>
  );
}
