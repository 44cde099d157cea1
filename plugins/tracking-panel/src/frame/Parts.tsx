import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { measureText, useStyles2 } from '@grafana/ui';
import React, { useCallback, useMemo } from 'react';
import { type TrackingModel } from './model';
import { type Slice } from '../statuses/types';
import { useSyncedHighlight } from '../interaction/useSyncedHighlight';
import { type Box, computeLayout } from './layout';
import { numberFormatOf } from '../shared/locale';
import { layoutLegend, measureLegend } from '../pie/legendLayout';
import { type TrackingOptions } from '../types';
import { HiddenTable } from '../table/HiddenTable';
import { cardHeightOf, KpiCards } from '../cards/KpiCards';
import { headingHeight, Section } from '../shared/Section';
import { EmptyView } from './StateView';
import { StatusPie } from '../pie/StatusPie';
import { StatusTable, tableHeightOf } from '../table/StatusTable';

const NO_SLICES: Slice[] = [];
const LEGEND_FONT_SIZE = 12;
/** A pie that has less height than this under its headings has them no longer. */
const HEADINGS_FROM = 120;
/** Room for the text for "no data" where the table would be. */
const AWAITING_HEIGHT = 96;
/** A little more than the canvas says: it knows nothing of letter spacing. */
const measureLegendText = (text: string) => measureText(text, LEGEND_FONT_SIZE).width * 1.03;

interface Props {
  model: Extract<TrackingModel, { kind: 'ready' }>;
  options: TrackingOptions;
  width: number;
  height: number;
  /** Tells what viewers choose in this panel from their choices elsewhere. */
  storageKey: string;
}

/** Pie, cards and table in their places, with one highlight for all. */
export function Parts({ model, options, width, height, storageKey }: Props) {
  const styles = useStyles2(getStyles);
  const { statuses, awaitsStatuses } = model;
  const named = useCallback(() => statuses?.slices ?? NO_SLICES, [statuses]);
  const highlight = useSyncedHighlight(named);
  const numbers = numberFormatOf(options.numbers);
  const cards = options.show.cards ? model.cards : [];
  const pieHeadings = headingHeight(options.titles.pieHeading, options.titles.pie);
  const tableHeading = headingHeight(options.titles.table);

  const legendTexts = useMemo(
    () => (statuses && options.legend.show ? measureLegend(statuses, options, measureLegendText) : undefined),
    [statuses, options]
  );
  const legendFor = (room: { width: number; height?: number }) =>
    legendTexts && layoutLegend(legendTexts, options, room);

  const tableHeight = () => {
    if (options.show.table && statuses) {
      return tableHeading + tableHeightOf(statuses.slices.length, options.table);
    }
    // The text for "no data" stands once, in the pie's place where there is one.
    return awaitsStatuses && !options.show.pie ? tableHeading + AWAITING_HEIGHT : 0;
  };
  const awaiting = <EmptyView text={options.titles.empty} />;

  const layout = computeLayout({
    width,
    height,
    showPie: options.show.pie && (statuses !== undefined || awaitsStatuses),
    cardCount: cards.length,
    cardHeight: cardHeightOf(cards, options.cards),
    minCardWidth: options.cards.minWidth,
    tableHeight: tableHeight(),
    pieExtra: (pieWidth) => {
      const legend = legendFor({ width: pieWidth });
      return pieHeadings + (legend?.placement === 'bottom' ? legend.height : 0);
    },
  });

  const pieHeight = (layout.pie?.height ?? 0) - pieHeadings;
  const isHeaded = pieHeight >= HEADINGS_FROM;
  const pieSize = {
    width: layout.pie?.width ?? 0,
    height: isHeaded ? pieHeight : (layout.pie?.height ?? 0),
  };

  return (
    <div
      className={styles.scroll}
      style={{ width, height }}
      // Where nothing in it takes the focus, the keyboard could not scroll it.
      tabIndex={!(statuses && (layout.pie || layout.table)) && layout.height > height ? 0 : undefined}
    >
      <div className={styles.content} style={{ height: layout.height }}>
        {layout.pie && awaitsStatuses && <div style={place(layout.pie)}>{awaiting}</div>}
        {layout.table && awaitsStatuses && <div style={place(layout.table)}>{awaiting}</div>}
        {layout.pie && statuses && (
          <div style={place(layout.pie)}>
            <Section
              heading={isHeaded ? options.titles.pieHeading : ''}
              title={isHeaded ? options.titles.pie : ''}
            >
              <StatusPie
                statuses={statuses}
                options={options}
                kpi={model.centre}
                legend={legendFor(pieSize)}
                {...pieSize}
                highlight={highlight}
              />
            </Section>
          </div>
        )}
        {layout.cards && (
          <div style={place(layout.cards)}>
            <KpiCards
              cards={cards}
              width={layout.cards.width}
              height={layout.cards.height}
              columns={layout.cardColumns}
              options={options.cards}
              numbers={numbers}
              isAlone={!layout.pie && !layout.table}
            />
          </div>
        )}
        {!layout.table && statuses && (
          <HiddenTable
            statuses={statuses}
            percentDecimals={options.pie.percentDecimals}
            numbers={numbers}
            caption={options.titles.table}
          />
        )}
        {layout.table && statuses && (
          <div style={place(layout.table)}>
            <Section heading={options.titles.table}>
              <StatusTable
                statuses={statuses}
                options={options.table}
                percentDecimals={options.pie.percentDecimals}
                numbers={numbers}
                caption={options.titles.table}
                height={layout.table.height - tableHeading}
                highlight={highlight}
                storageKey={storageKey}
              />
            </Section>
          </div>
        )}
      </div>
    </div>
  );
}

const place = ({ left, top, width, height }: Box) =>
  ({ position: 'absolute', left, top, width, height }) as const;

const getStyles = (_theme: GrafanaTheme2) => ({
  scroll: css({ position: 'relative', overflowX: 'hidden', overflowY: 'auto' }),
  content: css({ position: 'relative' }),
});
