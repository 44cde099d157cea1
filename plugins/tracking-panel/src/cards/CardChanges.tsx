import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { measureText, useStyles2 } from '@grafana/ui';
import React from 'react';
import { type ShownChange } from './cards';
import { type NumberFormat } from '../shared/locale';
import { type CardOptions } from './types';

export const CHANGE_HEIGHT = 20;
const FONT_SIZE = 12;
/** On cards narrower than this, so that a percentage and its words fit. */
const NARROW_CARD = 200;
const NARROW_FONT_SIZE = 11;

interface Props {
  changes: ShownChange[];
  options: CardOptions;
  numbers: NumberFormat;
  width: number;
  /** Pixels at the left and right, as the value above has them. */
  padding: number;
  /** Set on a colored card, where good and bad have no colors of their own. */
  color: string | undefined;
}

/** How a card's value stands to others: arrow, number, and in words whether that is good. Color says nothing alone. */
export function CardChanges({ changes, options, numbers, width, padding, color }: Props) {
  const styles = useStyles2(getStyles);
  const fontSize = width < NARROW_CARD ? NARROW_FONT_SIZE : FONT_SIZE;
  return (
    <ul className={styles.list}>
      {changes.map((change) => {
        const full = textsOf(change, options, numbers);
        const fits = measureText(`▲ ${full.amount} ${full.words}`, fontSize).width <= width - 2 * padding;
        // The words say what the color does: on a narrow card they go before the second number.
        const { amount, words } =
          fits || options.changeShown !== 'both'
            ? full
            : textsOf(change, { ...options, changeShown: 'percent' }, numbers);
        const title = `${full.amount} ${full.words} (${change.referenceText})`;
        const arrow = ARROWS[change.direction ?? 'same'];
        return (
          <li
            key={change.against}
            className={cx(
              styles.line,
              options.align === 'center' && styles.centre,
              !color && change.verdict && styles[change.verdict]
            )}
            style={{ color, paddingInline: padding, fontSize }}
            title={title}
          >
            {arrow && <span aria-hidden>{arrow}</span>}
            <span className={styles.amount}>{amount}</span> <span>{words}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** With the space after it. Characters, not icons: those load one by one. */
const ARROWS = { up: '▲ ', down: '▼ ', same: '' } as const;

function textsOf(
  change: ShownChange,
  { changeShown, changeDecimals }: CardOptions,
  numbers: NumberFormat
): { amount: string; words: string } {
  if (change.direction === undefined) {
    return { amount: '', words: WORDS[change.against].unknown() };
  }
  if (change.direction === 'same') {
    return { amount: t('cards.unchanged', 'Unchanged'), words: wordsOf(change) };
  }
  const difference =
    change.points === undefined
      ? change.differenceText
      : t('cards.points', '{{value}} pp', {
          value: signed(change.points, numbers.percentNumber(change.points, changeDecimals)),
        });
  if (changeShown === 'value') {
    return { amount: difference, words: wordsOf(change) };
  }
  if (change.percent === undefined) {
    // The difference itself still says something.
    return { amount: `${difference} (${t('cards.from-zero', 'from 0, no %')})`, words: wordsOf(change) };
  }
  const percent = signed(change.percent, numbers.percent(change.percent, changeDecimals));
  return { amount: changeShown === 'both' ? `${percent} (${difference})` : percent, words: wordsOf(change) };
}

/** The minus sign is the number format's own. */
const signed = (number: number, text: string) => (number > 0 ? `+${text}` : text);

const wordsOf = ({ against, verdict }: ShownChange) => WORDS[against][verdict ?? 'neutral']();

type Words = Record<'better' | 'worse' | 'neutral' | 'unknown', () => string>;

const WORDS: Record<ShownChange['against'], Words> = {
  previous: {
    better: () => t('cards.previous-better', 'better than before'),
    worse: () => t('cards.previous-worse', 'worse than before'),
    neutral: () => t('cards.previous-neutral', 'vs. before'),
    unknown: () => t('cards.previous-unknown', 'Nothing to compare with before'),
  },
  target: {
    better: () => t('cards.target-better', 'target met'),
    worse: () => t('cards.target-worse', 'target missed'),
    neutral: () => t('cards.target-neutral', 'vs. target'),
    unknown: () => t('cards.target-unknown', 'Nothing to compare with the target'),
  },
  first: {
    better: () => t('cards.first-better', 'better than at the start'),
    worse: () => t('cards.first-worse', 'worse than at the start'),
    neutral: () => t('cards.first-neutral', 'since the start'),
    unknown: () => t('cards.first-unknown', 'Nothing to compare with the start'),
  },
};

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', margin: 0 }),
  line: css({
    height: CHANGE_HEIGHT,
    lineHeight: `${CHANGE_HEIGHT}px`,
    color: theme.colors.text.secondary,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
  centre: css({ textAlign: 'center' }),
  amount: css({ fontWeight: theme.typography.fontWeightMedium, fontVariantNumeric: 'tabular-nums' }),
  better: css({ color: theme.colors.success.text }),
  worse: css({ color: theme.colors.error.text }),
});
