import { LoadingState, type PanelData, type PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelDataErrorView } from '@grafana/runtime';
import { useTheme2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';
import { TEST_IDS } from '../constants';
import { buildModel } from '../data/model';
import { type TrackingOptions } from '../types';
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
      return (
        <>
          {failed && <ErrorBanner data={data} />}
          <Parts
            model={model}
            options={options}
            width={width}
            height={failed ? height - ERROR_BANNER_HEIGHT : height}
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
      <PanelDataErrorView
        panelId={id}
        fieldConfig={fieldConfig}
        data={data}
        needsStringField
        needsNumberField
        message={t(
          'state.unusable',
          'The query needs a text field with the status and a number with the count, for example: SELECT status_rastreamento, COUNT(*) AS total_pacotes FROM ... GROUP BY 1'
        )}
      />
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
