import { LoadingState, type PanelProps } from '@grafana/data';
import { PanelDataErrorView } from '@grafana/runtime';
import { useTheme2 } from '@grafana/ui';
import React, { type KeyboardEvent, useMemo, useState } from 'react';
import { TEST_IDS } from '../constants';
import { createGrouping } from '../statuses/grouping';
import { buildModel } from './model';
import { type TrackingOptions } from '../types';
import { InteractionContext } from '../interaction/StatusInteraction';
import { useInteraction } from '../interaction/useInteraction';
import { badgeRoom } from './badgeRoom';
import { StaleBadge } from './StaleBadge';
import { useLastFrames } from './useLastFrames';
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
  replaceVariables,
}: PanelProps<TrackingOptions>) {
  const theme = useTheme2();
  const { data, receivedAt, isOutlived } = useLastFrames(incoming);
  const [group] = useState(createGrouping);
  const model = useMemo(
    () => buildModel(data.series, options, theme, group, fieldConfig),
    [data.series, options, theme, group, fieldConfig]
  );
  const statuses = model.kind === 'ready' ? model.statuses : undefined;
  const { interaction, clear, menu } = useInteraction({
    statuses,
    options: options.selection,
    replaceVariables,
  });
  const failed = data.state === LoadingState.Error;

  const content = () => {
    if (model.kind === 'ready') {
      // A failed query explains itself; what is missing then is its consequence.
      const lacks = !failed && model.missing.length > 0;
      const banners = (failed ? ERROR_BANNER_HEIGHT : 0) + (lacks ? MISSING_BANNER_HEIGHT : 0);
      const pie = options.show.pie && (model.statuses !== undefined || model.awaitsStatuses);
      // A banner leaves room for the badge as a heading does.
      const free =
        banners > 0 ? 0 : badgeRoom(options, { pie, cards: options.show.cards ? model.cards : [], width });
      return (
        <InteractionContext.Provider value={interaction}>
          {failed && <ErrorBanner data={data} />}
          {lacks && <MissingBanner missing={model.missing} />}
          <div style={{ paddingTop: free }}>
            <Parts
              model={model}
              options={options}
              width={width}
              height={height - banners - free}
              storageKey={`${data.request?.dashboardUID ?? ''}/${id}`}
            />
          </div>
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

  const clearOnEscape = (event: KeyboardEvent) => {
    // Grafana leaves the panel's own page on Escape: not while that clears a selection.
    if (event.key === 'Escape' && clear()) {
      event.stopPropagation();
    }
  };
  return (
    <div
      style={{ width, height, position: 'relative' }}
      data-testid={TEST_IDS.panel}
      onKeyDown={clearOnEscape}
    >
      {content()}
    </div>
  );
}
