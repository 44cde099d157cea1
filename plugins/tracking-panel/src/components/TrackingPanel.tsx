import { LoadingState, type PanelData, type PanelProps } from '@grafana/data';
import { PanelDataErrorView } from '@grafana/runtime';
import { useTheme2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';
import { TEST_IDS } from '../constants';
import { buildModel } from '../data/model';
import { type TrackingOptions } from '../types';
import { MISSING_BANNER_HEIGHT, MissingBanner, UnusableView } from './MissingView';
import { Parts } from './Parts';
import { EmptyView, ERROR_BANNER_HEIGHT, ErrorBanner, ErrorView, LoadingView } from './StateView';

/** The panel: decides between drawing, waiting, and saying what is missing. */
export function TrackingPanel({
  data: incoming,
  options,
  width,
  height,
  id,
  fieldConfig,
}: PanelProps<TrackingOptions>) {
  const theme = useTheme2();
  const data = useLastFramesWhileLoading(incoming);
  const model = useMemo(() => buildModel(data.series, options, theme), [data.series, options, theme]);
  const failed = data.state === LoadingState.Error;

  const content = () => {
    if (model.kind === 'ready') {
      // A failed query explains itself; what is missing then is its consequence.
      const lacks = !failed && model.missing.length > 0;
      return (
        <>
          {failed && <ErrorBanner data={data} />}
          {lacks && <MissingBanner missing={model.missing} />}
          <Parts
            model={model}
            options={options}
            width={width}
            height={height - (failed ? ERROR_BANNER_HEIGHT : 0) - (lacks ? MISSING_BANNER_HEIGHT : 0)}
            storageKey={`${data.request?.dashboardUID ?? ''}/${id}`}
          />
        </>
      );
    }
    if (failed) {
      return <ErrorView data={data} />;
    }
    if (data.state === LoadingState.Loading || data.state === LoadingState.NotStarted) {
      return <LoadingView />;
    }
    if (model.kind === 'empty') {
      return <EmptyView text={options.titles.empty} />;
    }
    return (
      <UnusableView wanted={model.wanted}>
        {(message) => (
          <PanelDataErrorView
            panelId={id}
            fieldConfig={fieldConfig}
            data={data}
            needsStringField={model.wanted === 'statuses'}
            needsNumberField
            message={message}
          />
        )}
      </UnusableView>
    );
  };

  return (
    <div style={{ width, height, position: 'relative' }} data-testid={TEST_IDS.panel}>
      {content()}
    </div>
  );
}

/** Some hosts clear the frames when a refresh starts; until it has ended, the last ones stay in sight. */
function useLastFramesWhileLoading(data: PanelData): PanelData {
  const [last, setLast] = useState(data);
  const isGap = data.state === LoadingState.Loading && data.series.length === 0;
  if (!isGap && last !== data) {
    setLast(data);
  }
  return isGap ? { ...data, series: last.series } : data;
}
