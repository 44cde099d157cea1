import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  useStyles2,
  useTheme2,
} from '@grafana/ui';
import React from 'react';
import { type CardColor, type CardOptions } from './types';
import { TEST_IDS } from '../constants';
import { type Card } from './cards';
import { textColorOn } from '../shared/contrast';
import { type NumberFormat } from '../shared/locale';
import { CardChanges } from './CardChanges';
import { CardLink } from './CardLink';
import { CardSparkline } from './CardSparkline';
import { type CardLook, lookOf } from './cardLook';
import { Section } from '../shared/Section';
import { MARKS, standingText } from './standingText';

/** BigValue's own padding, which depends on its height. */
export const PADDING = 12;
const SMALL_PADDING = 8;
const LARGE_FROM = 100;

const COLOR_MODES: Record<CardColor, BigValueColorMode> = {
  none: BigValueColorMode.None,
  value: BigValueColorMode.Value,
  background: BigValueColorMode.BackgroundSolid,
};

interface Props {
  card: Card;
  options: CardOptions;
  numbers: NumberFormat;
  width: number;
  /** Of everything under the heading, in pixels. */
  height: number;
  /** Of label and value alone. */
  textsHeight: number;
  paddingTop: number;
  text: { titleSize: number; valueSize: number };
  /** Whether label and value have less room than they are made for. */
  isSmall: boolean;
  /** Whether the label has room over the value. */
  hasTitle: boolean;
}

/** One card: its heading, then label, value, changes and sparkline, which together are a link where the field has one. */
export function KpiCard({
  card,
  options,
  numbers,
  width,
  height,
  textsHeight,
  paddingTop,
  text,
  isSmall,
  hasTitle,
}: Props) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const look = lookOf(card, options.colour, theme);
  const onBackground = look.background && textColorOn(look.background);
  const standing = standingText(card);
  const mark = card.standing && MARKS[card.standing.level];
  return (
    <div className={styles.card} data-testid={TEST_IDS.card(card.id)} data-level={look.level}>
      <Section heading={card.heading}>
        <CardLink
          links={card.links()}
          className={styles.value}
          style={{ width, height, paddingTop, background: look.background }}
          title={[hasTitle ? undefined : card.value.title, standing].filter(Boolean).join('\n') || undefined}
        >
          <BigValue
            theme={theme}
            className={cx(onBackground && readableOn(onBackground), isSmall && styles.small)}
            width={width}
            height={textsHeight}
            value={{ ...card.value, color: look.color }}
            colorMode={colorModeOf(card, options.colour, look)}
            graphMode={BigValueGraphMode.None}
            justifyMode={options.align === 'center' ? BigValueJustifyMode.Center : BigValueJustifyMode.Auto}
            textMode={hasTitle ? BigValueTextMode.ValueAndName : BigValueTextMode.Value}
            text={text}
            disableWideLayout
          />
          {!hasTitle && <span className={styles.spoken}>{card.value.title}</span>}
          {standing && <span className={styles.spoken}>{standing}</span>}
          {mark && (
            <span aria-hidden className={styles.mark} style={{ color: onBackground ?? look.color }}>
              {mark}
            </span>
          )}
          {card.changes.length > 0 && (
            <CardChanges
              changes={card.changes}
              options={options}
              numbers={numbers}
              width={width}
              padding={textsHeight > LARGE_FROM ? PADDING : SMALL_PADDING}
              color={onBackground}
            />
          )}
          {card.sparkline && (
            <div className={styles.sparkline}>
              <CardSparkline
                sparkline={card.sparkline}
                color={
                  onBackground ??
                  (options.colour === 'value' ? look.color : undefined) ??
                  theme.colors.text.secondary
                }
                width={width}
              />
            </div>
          )}
        </CardLink>
      </Section>
    </div>
  );
}

/** Grey is the look of "unknown", also where nothing is to be painted; a card that is not filled is not filled in part. */
function colorModeOf({ isUnknown }: Card, mode: CardColor, look: CardLook): BigValueColorMode {
  if (isUnknown) {
    return BigValueColorMode.Value;
  }
  return mode === 'background' && !look.background ? BigValueColorMode.None : COLOR_MODES[mode];
}

/** On light backgrounds BigValue's texts, whose color is inline, have too little contrast. */
const readableOn = (color: string) => css({ '& *': { color: `${color} !important` } });

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({ minWidth: 0 }),
  // BigValue's own padding would leave the value no room.
  small: css({ paddingBlock: '0 !important', justifyContent: 'center' }),
  sparkline: css({ position: 'absolute', bottom: 0, left: 0 }),
  value: css({
    display: 'block',
    position: 'relative',
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.secondary,
    overflow: 'hidden',
  }),
  mark: css({
    position: 'absolute',
    top: theme.spacing(0.5),
    right: theme.spacing(1),
    fontSize: theme.typography.body.fontSize,
    fontWeight: theme.typography.fontWeightBold,
  }),
  spoken: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
});
