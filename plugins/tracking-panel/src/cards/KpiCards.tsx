import { css } from '@emotion/css';
import { formattedValueToString, type GrafanaTheme2 } from '@grafana/data';
import { calculateFontSize, measureText, useStyles2 } from '@grafana/ui';
import React from 'react';
import { type CardOptions } from './types';
import { TEST_IDS } from '../constants';
import { type Card } from './cards';
import { type NumberFormat } from '../shared/locale';
import { GAP } from '../shared/sizes';
import { CHANGE_HEIGHT } from './CardChanges';
import { SPARKLINE_HEIGHT } from './CardSparkline';
import { KpiCard, PADDING } from './KpiCard';
import { headingHeight } from '../shared/Section';

/** Least height of the value with its label, without a heading. */
const VALUE_HEIGHT = 88;
/** Greatest height of it beside other parts; cards alone may take all the room, for screens on walls. */
const MAX_VALUE_HEIGHT = 120;
/** Of a card alone, height to width: beyond that it is empty space. */
const MAX_RATIO = 0.6;
const TITLE_SIZE = 14;
const MIN_VALUE_SIZE = 14;
const MAX_VALUE_SIZE = 44;
/** Largest text of cards alone, and what a label may be of its value. */
const MAX_ALONE_SIZE = 140;
const TITLE_SHARE = 0.3;
const LINE_HEIGHT = 1.2;
/** Under the last change. */
const CHANGES_PADDING = 8;

/** What a card has at least over and under its value, where there is no room for more. */
const SMALL_PADDING = 4;
/** Height of label and value from which on the label is shown. */
const TITLE_FROM = 52;

const changesHeight = (lines: number) => (lines > 0 ? lines * CHANGE_HEIGHT + CHANGES_PADDING : 0);

/** Height of what stands under the value of the fullest of these cards. */
const footHeight = (cards: Card[]) =>
  changesHeight(Math.max(0, ...cards.map(({ changes }) => changes.length))) +
  (cards.some(({ sparkline }) => sparkline) ? SPARKLINE_HEIGHT : 0);

/** Height that each of these cards needs at least; all are as tall as the tallest. */
export const cardHeightOf = (cards: Card[], options: CardOptions) =>
  Math.max(VALUE_HEIGHT, textHeight(options)) +
  footHeight(cards) +
  Math.max(0, ...cards.map(({ heading }) => headingHeight(heading)));

/** Room for texts of sizes that were set. */
const textHeight = ({ titleSize = 0, valueSize = 0 }: CardOptions) =>
  Math.ceil((titleSize + valueSize) * LINE_HEIGHT) + 2 * PADDING;

interface Props {
  cards: Card[];
  width: number;
  height: number;
  columns: number;
  options: CardOptions;
  numbers: NumberFormat;
  /** Whether the cards have the panel for themselves. */
  isAlone: boolean;
}

/** The KPI cards in a grid, all of one size, their texts in one size. */
export function KpiCards({ cards: all, width, height, columns, options, numbers, isAlone }: Props) {
  const styles = useStyles2(getStyles);
  const rows = Math.ceil(all.length / columns);
  const cardWidth = Math.floor((width - GAP * (columns - 1)) / columns);
  const cardRoom = Math.floor((height - GAP * (rows - 1)) / rows);
  const cards = all.map((card) => fitted(card, cardRoom, all, options));
  const heading = Math.max(0, ...cards.map((card) => headingHeight(card.heading)));
  const foot = footHeight(cards);
  const room = cardRoom - heading - foot;
  const most = isAlone ? Math.max(MAX_VALUE_HEIGHT, cardWidth * MAX_RATIO) : MAX_VALUE_HEIGHT;
  const least = Math.min(
    Math.max(VALUE_HEIGHT, textHeight(options)),
    isAlone ? room : Number.POSITIVE_INFINITY
  );
  const valueHeight = Math.floor(Math.max(least, Math.min(most, room)));
  const space: Space = {
    width: cardWidth,
    height: valueHeight,
    padding: valueHeight < VALUE_HEIGHT ? SMALL_PADDING : PADDING,
    hasTitle: valueHeight >= TITLE_FROM,
  };
  const { titleSize, valueSize } = sizesOf(cards, space, options, isAlone);
  const textsHeight = Math.min(
    valueHeight,
    Math.ceil((linesOf(cards, titleSize, space) * titleSize + valueSize) * LINE_HEIGHT) + 2 * space.padding
  );
  return (
    <div
      className={styles.grid}
      style={{ gridTemplateColumns: `repeat(${columns}, ${cardWidth}px)` }}
      data-testid={TEST_IDS.cards}
    >
      {cards.map((card) => {
        // In a row, values stand on one line; alone in its row, a card without a foot has its value in the middle.
        const hasFoot = card.changes.length > 0 || card.sparkline !== undefined || columns > 1;
        return (
          <KpiCard
            key={card.id}
            card={card}
            options={options}
            numbers={numbers}
            width={cardWidth}
            height={valueHeight + foot}
            textsHeight={textsHeight}
            paddingTop={Math.floor((valueHeight + (hasFoot ? 0 : foot) - textsHeight) / 2)}
            text={{ titleSize, valueSize }}
            isSmall={space.padding !== PADDING}
            hasTitle={space.hasTitle}
          />
        );
      })}
    </div>
  );
}

/** Room for label and value of a card, in pixels. */
interface Space {
  width: number;
  height: number;
  /** Over and under the texts. */
  padding: number;
  hasTitle: boolean;
}

/** The card with what has room beside its value: as it goes, first what stands under it, then its heading. */
function fitted(card: Card, room: number, cards: Card[], options: CardOptions): Card {
  const value = Math.max(VALUE_HEIGHT, textHeight(options));
  const heading = Math.max(0, ...cards.map((other) => headingHeight(other.heading)));
  const hasFoot = heading + value + footHeight(cards) <= room;
  return {
    ...card,
    heading: heading + Math.min(value, VALUE_HEIGHT) <= room ? card.heading : '',
    changes: hasFoot ? card.changes : [],
    sparkline: hasFoot ? card.sparkline : undefined,
  };
}

/** Sizes of labels and values: those that were set, else the largest at which the longest of all fit. */
function sizesOf(cards: Card[], space: Space, options: CardOptions, isAlone: boolean) {
  const largest = isAlone ? MAX_ALONE_SIZE : MAX_VALUE_SIZE;
  const valueWith = (titleSize: number) => options.valueSize ?? fitValue(cards, space, titleSize, largest);
  const set = options.titleSize;
  const first = valueWith(set ?? TITLE_SIZE);
  // A label of its usual size would be lost over a value as large as a hand.
  const titleSize =
    set ?? Math.max(TITLE_SIZE, isAlone ? Math.floor(Math.min(first, space.height / 4) * TITLE_SHARE) : 0);
  return { titleSize, valueSize: titleSize === TITLE_SIZE ? first : valueWith(titleSize) };
}

/** Lines that the longest label takes. */
function linesOf(cards: Card[], size: number, { width, hasTitle }: Space): number {
  if (!hasTitle) {
    return 0;
  }
  const title = longest(
    cards.map(({ value }) => value.title ?? ''),
    size
  );
  // Words wrap earlier than letters would: a line counts as nine tenths full.
  return Math.ceil(measureText(title, size).width / ((width - 2 * PADDING) * 0.9));
}

const longest = (texts: string[], size: number) =>
  texts.reduce(
    (best, text) => (measureText(text, size).width > measureText(best, size).width ? text : best),
    ''
  );

/** One size for all values: the largest at which the longest one fits beside its label's lines. */
function fitValue(cards: Card[], space: Space, titleSize: number, largest: number): number {
  const room = space.width - 2 * PADDING;
  const titleLines = linesOf(cards, titleSize, space);
  const text = longest(
    cards.map(({ value }) => formattedValueToString(value)),
    largest
  );
  const left = space.height - 2 * space.padding - titleLines * titleSize * LINE_HEIGHT;
  return Math.max(MIN_VALUE_SIZE, calculateFontSize(text, room, left, LINE_HEIGHT, largest, 500));
}

const getStyles = (_theme: GrafanaTheme2) => ({
  grid: css({ display: 'grid', gap: GAP, alignItems: 'end', alignContent: 'start' }),
});
