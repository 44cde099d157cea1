import { t } from '@grafana/i18n';
import { type Card } from './cards';
import { type Level, type Standing } from './alertLimits';

/** Tells the levels apart by more than color. */
export const MARKS: Record<Level, string> = { critical: '!!', warning: '!', ok: '' };

/**
 * How a card stands to its limits, in words, such as "Warning (limits: warning at 1 or more, critical at 5 or more)".
 * Undefined for a card without limits, or without a value to judge.
 */
export function standingText({ standing }: Pick<Card, 'standing'>): string | undefined {
  return standing && `${WORDS[standing.level]()} (${limitsText(standing)})`;
}

const WORDS: Record<Level, () => string> = {
  critical: () => t('cards.level-critical', 'Critical'),
  warning: () => t('cards.level-warning', 'Warning'),
  ok: () => t('cards.level-ok', 'Within its limits'),
};

function limitsText({ isBelow, warningText, criticalText }: Standing): string {
  // React escapes.
  const values = (limit: string) => ({ limit, interpolation: { escapeValue: false } });
  const warning =
    warningText &&
    (isBelow
      ? t('cards.limit-warning-below', 'warning at {{limit}} or less', values(warningText))
      : t('cards.limit-warning', 'warning at {{limit}} or more', values(warningText)));
  const critical =
    criticalText &&
    (isBelow
      ? t('cards.limit-critical-below', 'critical at {{limit}} or less', values(criticalText))
      : t('cards.limit-critical', 'critical at {{limit}} or more', values(criticalText)));
  return [warning, critical].filter(Boolean).join(', ');
}
