import { DashboardCursorSync, type PanelProps } from '@grafana/data';
import type { VizLegendOptions, VizTooltipOptions } from '@grafana/schema';
import { TimeSeries, TooltipPlugin, ZoomPlugin } from '@grafana/ui';
import React, { useMemo } from 'react';
import 'uplot/dist/uPlot.min.css';
import { Empty } from './TablePanel';

interface TimeSeriesOptions {
  legend: VizLegendOptions;
  tooltip: VizTooltipOptions;
}

/** The time series panel, of what @grafana/ui exports. */
export function TimeSeriesPanel({
  data,
  options,
  width,
  height,
  timeRange,
  timeZone,
  fieldConfig,
  onChangeTimeRange,
}: PanelProps<TimeSeriesOptions>) {
  const frames = useMemo(() => data.series.filter((frame) => frame.fields.length > 1), [data.series]);
  if (frames.length === 0) return <Empty text={fieldConfig.defaults.noValue} />;
  return (
    <TimeSeries
      frames={frames}
      structureRev={data.structureRev}
      width={width}
      height={height}
      timeRange={timeRange}
      timeZone={timeZone}
      legend={options.legend}
    >
      {(config, alignedFrame) => (
        <>
          <ZoomPlugin config={config} onZoom={onChangeTimeRange} />
          <TooltipPlugin
            config={config}
            data={alignedFrame}
            frames={frames}
            mode={options.tooltip.mode}
            sortOrder={options.tooltip.sort}
            sync={() => DashboardCursorSync.Off}
            timeZone={timeZone}
          />
        </>
      )}
    </TimeSeries>
  );
}
