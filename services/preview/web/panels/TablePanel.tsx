import { cacheFieldDisplayNames, getFrameDisplayName, type PanelProps } from '@grafana/data';
import { Select, usePanelContext } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import type { TableCellHeight } from '@grafana/schema';
import React, { useMemo, useState } from 'react';

interface TableOptions {
  sortBy?: { displayName: string; desc?: boolean }[];
  showHeader?: boolean;
  showTypeIcons?: boolean;
  cellHeight?: TableCellHeight;
  enablePagination?: boolean;
  frameIndex?: number;
}

/** Of the choice between several frames, with its gap. */
const CHOICE_HEIGHT = 40;

/** The table panel, of what @grafana/ui exports: the component that Grafana's own panel draws. */
export function TablePanel({
  data,
  options,
  width,
  height,
  fieldConfig,
  timeRange,
  transparent,
}: PanelProps<TableOptions>) {
  const { onAddAdHocFilter } = usePanelContext();
  const [chosen, choose] = useState(options.frameIndex ?? 0);
  // Grafana's own table panel does it as well: the component reads the cached names.
  useMemo(() => cacheFieldDisplayNames(data.series), [data.series]);
  const index = chosen < data.series.length ? chosen : 0;
  const frame = data.series[index];
  if (frame === undefined) return null;
  const several = data.series.length > 1;
  return (
    <>
      <TableNG
        data={frame}
        width={width}
        height={several ? height - CHOICE_HEIGHT : height}
        noHeader={options.showHeader === false}
        showTypeIcons={options.showTypeIcons}
        resizable
        initialSortBy={options.sortBy}
        onCellFilterAdded={onAddAdHocFilter}
        enablePagination={options.enablePagination}
        cellHeight={options.cellHeight}
        timeRange={timeRange}
        fieldConfig={fieldConfig}
        structureRev={data.structureRev}
        transparent={transparent}
        ariaLabel="table"
      />
      {several && (
        <Select
          options={data.series.map((series, value) => ({ label: getFrameDisplayName(series), value }))}
          value={index}
          onChange={({ value = 0 }) => choose(value)}
          aria-label="table"
        />
      )}
    </>
  );
}
