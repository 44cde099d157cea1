import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { LegendDisplayMode } from '@grafana/schema';
import { ScrollContainer, useStyles2, VizLegend, type VizLegendItem } from '@grafana/ui';
import React, { useMemo } from 'react';
import { TEST_IDS } from '../constants';
import { standsFor } from '../statuses/others';
import { type Slice, type SliceSet } from '../statuses/types';
import {
  LEGEND_LINE_HEIGHT,
  LEGEND_ROW_HEIGHT,
  type LegendLayout,
  legendSlices,
  legendText,
} from './legendLayout';
import { useStatusInteraction } from '../interaction/StatusInteraction';
import { type TrackingOptions } from '../types';
import { classNames } from '../shared/classNames';
import { type Highlight, highlightOnHover } from '../interaction/highlight';
import { useRoving } from '../interaction/roving';
import { sliceNamer } from './sliceName';
import { Swatch } from './Swatch';

interface Props {
  statuses: SliceSet;
  options: TrackingOptions;
  layout: LegendLayout;
  highlight: Highlight;
}

/**
 * Grafana's legend with items of our own: its list never shrinks an item and its table lets the numbers be pushed out
 * of sight. Here the name gives way (it takes two lines, then an ellipsis, and is whole in its title), the numbers never do.
 */
export function PieLegend({ statuses, options, layout, highlight }: Props) {
  const styles = useStyles2(getStyles);
  const slices = legendSlices(statuses);
  const ids = slices.map(({ id }) => id);
  const interaction = useStatusInteraction(() => ids);
  const nameOf = useMemo(
    () => sliceNamer(options.pie.percentDecimals, options.numbers),
    [options.pie.percentDecimals, options.numbers]
  );
  const isTable = options.legend.mode === 'table' && !layout.isStacked;
  const roving = useRoving(ids);
  const items = slices.map((slice): VizLegendItem<Slice> => ({
    label: slice.label,
    color: slice.color,
    yAxis: 1,
    data: slice,
    getItemKey: () => slice.id,
  }));
  const renderItem = ({ data: slice }: VizLegendItem<Slice>) => {
    if (!slice) {
      return <></>;
    }
    const Name = interaction.isEnabled ? 'button' : 'span';
    const pressable = interaction.isEnabled && {
      ...interaction.button(slice.id),
      ...roving.entry(slice.id),
      'aria-label': nameOf(slice),
    };
    const name = (
      <Name
        {...pressable}
        className={classNames(pressable && pressable.className, styles.name)}
        title={slice.label}
      >
        <Swatch slice={slice} patterns={options.pie.patterns} />
        <span className={styles.text}>{slice.label}</span>
      </Name>
    );
    const numbers = options.legend.values.map((value) => ({
      value,
      testId: value === 'value' ? TEST_IDS.legendValue(slice.id) : TEST_IDS.legendPercent(slice.id),
      text: legendText(slice, value, options),
    }));
    const shared = {
      'data-testid': TEST_IDS.legendItem(slice.id),
      ...highlightOnHover(highlight, slice.id),
      ...interaction.row(slice.id),
    };
    const isLit = standsFor(slice, highlight.active);
    const active = classNames(isLit && styles.active, interaction.rowClass(slice.id, isLit));
    return isTable ? (
      <tr key={slice.id} className={classNames(styles.row, active)} {...shared}>
        <td className={styles.nameCell}>{name}</td>
        {numbers.map(({ value, testId, text }) => (
          <td key={value} className={styles.number} data-testid={testId}>
            {text}
          </td>
        ))}
      </tr>
    ) : (
      <span
        className={classNames(
          styles.item,
          layout.placement === 'right' && styles.fill,
          layout.isStacked && styles.stacked,
          active
        )}
        {...shared}
      >
        {name}
        {numbers.map(({ value, testId, text }, index) => (
          <span
            key={value}
            className={styles.number}
            style={layout.isStacked ? { minWidth: layout.numberWidths[index] } : undefined}
            data-testid={testId}
          >
            {text}
          </span>
        ))}
      </span>
    );
  };
  return (
    <ScrollContainer>
      <div
        className={classNames(styles.legend, layout.isStacked && styles.wide)}
        data-testid={TEST_IDS.legend}
        {...roving.list}
      >
        <VizLegend
          items={items}
          displayMode={isTable ? LegendDisplayMode.Table : LegendDisplayMode.List}
          placement={layout.placement}
          itemRenderer={renderItem}
        />
      </div>
    </ScrollContainer>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    width: '100%',
    // VizLegend's list wraps every item in elements of its own that would not shrink.
    '& div, & ul, & li': { minWidth: 0, maxWidth: '100%' },
    '& li > span': { maxWidth: '100%', paddingRight: 0, marginBottom: 0 },
    // On the baseline, lines of a list would be taller than their items.
    '& li': { verticalAlign: 'top' },
    '& thead': { display: 'none' },
  }),
  wide: css({ '& ul, & li, & li > span': { width: '100%' } }),
  row: css({ height: LEGEND_ROW_HEIGHT, fontSize: theme.typography.bodySmall.fontSize }),
  active: css({ background: theme.colors.action.hover }),
  nameCell: css({ width: '100%', maxWidth: 0, padding: theme.spacing(0, 0.5) }),
  name: css({
    display: 'flex',
    alignItems: 'center',
    minWidth: 0,
    flex: '0 1 auto',
    '& > :first-child': { flexShrink: 0 },
  }),
  text: css({
    display: '-webkit-box',
    minWidth: 0,
    overflow: 'hidden',
    lineHeight: `${LEGEND_LINE_HEIGHT}px`,
    whiteSpace: 'normal',
    overflowWrap: 'anywhere',
    WebkitBoxOrient: 'vertical',
    WebkitLineClamp: 2,
  }),
  number: css({
    flexShrink: 0,
    boxSizing: 'border-box',
    paddingLeft: theme.spacing(1.5),
    paddingRight: theme.spacing(0.5),
    textAlign: 'right',
    whiteSpace: 'nowrap',
    fontVariantNumeric: 'tabular-nums',
  }),
  item: css({
    display: 'flex',
    alignItems: 'center',
    minWidth: 0,
    maxWidth: '100%',
    minHeight: LEGEND_ROW_HEIGHT,
    paddingLeft: theme.spacing(0.5),
    marginRight: theme.spacing(1),
    borderRadius: theme.shape.radius.default,
  }),
  stacked: css({
    width: '100%',
    marginRight: 0,
    flexWrap: 'wrap',
    justifyContent: 'flex-end',
    '& > :first-child': { flex: '1 0 100%' },
  }),
  fill: css({ flex: 1, marginRight: 0, '& > span:first-child': { flex: 1 } }),
});
