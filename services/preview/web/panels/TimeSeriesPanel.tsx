import { DashboardCursorSync, FieldType, type DataFrame, type PanelProps } from '@grafana/data';
import type { VizLegendOptions, VizTooltipOptions } from '@grafana/schema';
import { TimeSeries, TooltipPlugin, usePanelContext, ZoomPlugin } from '@grafana/ui';
import React, { useMemo } from 'react';
import 'uplot/dist/uPlot.min.css';
import { PanelState } from '../PanelState';

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
  const { sync } = usePanelContext();
  const frames = useMemo(() => data.series.flatMap(graphable), [data.series]);
  if (frames.length === 0)
    return (
      <PanelState look="empty" text={fieldConfig.defaults.noValue || 'Sem coluna de tempo com números'} />
    );
  return (
    <TimeSeries
      frames={frames}
      structureRev={data.structureRev}
      width={width}
      height={height}
      timeRange={timeRange}
      timeZone={timeZone}
      legend={options.legend}
      options={options}
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
            sync={() => sync?.() ?? DashboardCursorSync.Off}
            timeZone={timeZone}
          />
        </>
      )}
    </TimeSeries>
  );
}

/** The time of a frame with its numbers, as Grafana's panel takes them; none where one of both is missing. */
function graphable(frame: DataFrame): DataFrame[] {
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  const numbers = frame.fields.filter(({ type }) => type === FieldType.number || type === FieldType.boolean);
  if (time === undefined || numbers.length === 0) return [];
  return [{ ...frame, fields: [time, ...numbers] }];
}
