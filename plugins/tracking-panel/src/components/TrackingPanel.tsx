import { LoadingState, type PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelDataErrorView } from '@grafana/runtime';
import { useTheme2 } from '@grafana/ui';
import React, { type KeyboardEvent, useMemo } from 'react';
import { TEST_IDS } from '../constants';
import { type Slice } from '../data/slices';
import { buildModel } from '../data/model';
import { type TrackingOptions } from '../types';
import { findRoles } from '../data/roles';
import { InteractionContext } from '../selection/StatusInteraction';
import { useInteraction } from '../selection/useInteraction';
import { StaleBadge } from '../stale/StaleBadge';
import { useLastFrames } from '../stale/useLastFrames';
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
  replaceVariables,
}: PanelProps<TrackingOptions>) {
  const theme = useTheme2();
  const { data, receivedAt, isOutlived } = useLastFrames(incoming);
  const model = useMemo(() => buildModel(data.series, options, theme), [data.series, options, theme]);
  const role = useMemo(() => findRoles(data.series, options.data).status, [data.series, options.data]);
  const slices = (model.kind === 'ready' && model.statuses?.slices) || NO_SLICES;
  const { interaction, clear, menu } = useInteraction({ slices, role, options: options.selection, replaceVariables });
  const failed = data.state === LoadingState.Error;

  const content = () => {
    if (model.kind === 'ready') {
      return (
        <InteractionContext.Provider value={interaction}>
          {failed && <ErrorBanner data={data} />}
          <Parts
            model={model}
            role={role}
            options={options}
            width={width}
            height={failed ? height - ERROR_BANNER_HEIGHT : height}
          />
          <StaleBadge receivedAt={receivedAt} afterSeconds={options.stale.afterSeconds} failed={isOutlived} />
          {menu}
        </InteractionContext.Provider>
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

  const clearOnEscape = (event: KeyboardEvent) => {
    // Grafana leaves the panel's own page on Escape: not while that clears a selection.
    if (event.key === 'Escape' && clear()) {
      event.stopPropagation();
    }
  };
  return (
    <div style={{ width, height, position: 'relative' }} data-testid={TEST_IDS.panel} onKeyDown={clearOnEscape}>
      {content()}
    </div>
  );
}

const NO_SLICES: Slice[] = [];
