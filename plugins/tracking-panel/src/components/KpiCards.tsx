import { css } from '@emotion/css';
import { formattedValueToString, type GrafanaTheme2 } from '@grafana/data';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  calculateFontSize,
  measureText,
  useStyles2,
  useTheme2,
} from '@grafana/ui';
import React from 'react';
import { TEST_IDS } from '../constants';
import { type Card } from '../data/cards';
import { GAP } from '../layout';
import { type CardColour } from '../types';
import { headingHeight, Section } from './Section';

/** Least height of the value with its label, without a heading. */
const VALUE_HEIGHT = 88;
const MAX_VALUE_HEIGHT = 120;
const TITLE_SIZE = 14;
const MIN_VALUE_SIZE = 14;
const MAX_VALUE_SIZE = 44;
const LINE_HEIGHT = 1.2;
/** BigValue's own padding, which depends on its height: the larger one. */
const PADDING = 12;

/** Height that each of these cards needs at least; all are as tall as the tallest. */
export const cardHeightOf = (cards: Card[]) =>
  VALUE_HEIGHT + Math.max(0, ...cards.map(({ heading }) => headingHeight(heading)));

const COLOUR_MODES: Record<CardColour, BigValueColorMode> = {
  none: BigValueColorMode.None,
  value: BigValueColorMode.Value,
  background: BigValueColorMode.BackgroundSolid,
};

interface Props {
  cards: Card[];
  width: number;
  height: number;
  columns: number;
  colour: CardColour;
}

/** The KPI cards in a grid, all of one size, their texts in one size. */
export function KpiCards({ cards, width, height, columns, colour }: Props) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const rows = Math.ceil(cards.length / columns);
  const heading = Math.max(0, ...cards.map((card) => headingHeight(card.heading)));
  const cardWidth = Math.floor((width - GAP * (columns - 1)) / columns);
  const room = Math.floor((height - GAP * (rows - 1)) / rows) - heading;
  const valueHeight = Math.max(VALUE_HEIGHT, Math.min(MAX_VALUE_HEIGHT, room));
  const valueSize = fitValue(cards, cardWidth, valueHeight);
  return (
    <div
      className={styles.grid}
      style={{ gridTemplateColumns: `repeat(${columns}, ${cardWidth}px)` }}
      data-testid={TEST_IDS.cards}
    >
      {cards.map((card) => (
        <div key={card.id} className={styles.card} data-testid={TEST_IDS.card(card.id)}>
          <Section heading={card.heading}>
            <div className={styles.value} style={{ width: cardWidth, height: valueHeight }}>
              <BigValue
                theme={theme}
                width={cardWidth}
                height={valueHeight}
                value={card.value}
                colorMode={COLOUR_MODES[colour]}
                graphMode={BigValueGraphMode.None}
                justifyMode={BigValueJustifyMode.Auto}
                textMode={BigValueTextMode.ValueAndName}
                text={{ titleSize: TITLE_SIZE, valueSize }}
                disableWideLayout
              />
            </div>
          </Section>
        </div>
      ))}
    </div>
  );
}

/** One size for all values: the largest at which the longest one fits beside its label's lines. */
function fitValue(cards: Card[], width: number, height: number): number {
  const room = width - 2 * PADDING;
  const longest = (texts: string[], size: number) =>
    texts.reduce((best, text) => (measureText(text, size).width > measureText(best, size).width ? text : best), '');
  const title = longest(
    cards.map(({ value }) => value.title ?? ''),
    TITLE_SIZE
  );
  // Words wrap earlier than letters would: a line counts as nine tenths full.
  const titleLines = Math.ceil(measureText(title, TITLE_SIZE).width / (room * 0.9));
  const text = longest(
    cards.map(({ value }) => formattedValueToString(value)),
    MAX_VALUE_SIZE
  );
  const left = height - 2 * PADDING - titleLines * TITLE_SIZE * LINE_HEIGHT;
  return Math.max(MIN_VALUE_SIZE, calculateFontSize(text, room, left, LINE_HEIGHT, MAX_VALUE_SIZE, 500));
}

const getStyles = (theme: GrafanaTheme2) => ({
  grid: css({ display: 'grid', gap: GAP, alignItems: 'end', alignContent: 'start' }),
  card: css({ minWidth: 0 }),
  value: css({
    position: 'relative',
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.secondary,
    overflow: 'hidden',
  }),
});
