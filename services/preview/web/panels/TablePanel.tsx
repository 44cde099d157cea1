import { cacheFieldDisplayNames, type PanelProps } from '@grafana/data';
import { Table } from '@grafana/ui';
import React from 'react';

interface TableOptions {
  sortBy?: { displayName: string; desc?: boolean }[];
}

/** The table panel, of what @grafana/ui exports: the first frame. */
export function TablePanel({ data, options, width, height, fieldConfig }: PanelProps<TableOptions>) {
  const [frame] = data.series;
  if (frame === undefined || frame.length === 0) return <Empty text={fieldConfig.defaults.noValue} />;
  // Grafana's own table panel does it as well: the component reads the cached names.
  cacheFieldDisplayNames(data.series);
  return (
    <Table data={frame} width={width} height={height} initialSortBy={options.sortBy} ariaLabel="table" />
  );
}

/** What a panel says instead of an empty picture. */
export function Empty({ text }: { text: string | undefined }) {
  return (
    <div
      style={{
        height: '100%',
        display: 'flex',
        alignItems: 'center',
        justifyContent: 'center',
        textAlign: 'center',
      }}
    >
      {text ?? 'No data'}
    </div>
  );
}
