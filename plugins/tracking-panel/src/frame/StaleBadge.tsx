import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, useStyles2 } from '@grafana/ui';
import React, { useEffect, useState } from 'react';
import { TEST_IDS } from '../constants';
import { ageParts, formatAge, nextChange, untilOld } from './age';
import { BADGE_HEIGHT } from './badgeRoom';

interface Props {
  /** When the data that are shown arrived, in epoch milliseconds. */
  receivedAt: number;
  /** Age in seconds from which the badge shows; 0: only when a query has failed. */
  afterSeconds: number;
  failed: boolean;
}

/**
 * The age of data that are old, in a corner of the panel that has room for it ({@link badgeRoom}), so that nothing moves. Screen readers hear once that the
 * data are old, not the age each time it changes.
 */
export function StaleBadge({ receivedAt, afterSeconds, failed }: Props) {
  const styles = useStyles2(getStyles);
  const now = useClock(receivedAt, afterSeconds, failed);
  const age = (now - receivedAt) / 1000;
  const isOld = untilOld(age, afterSeconds, failed) === 0;
  return (
    <div role="status" aria-live="polite" className={styles.corner}>
      {isOld && (
        <div
          className={styles.badge}
          title={new Date(receivedAt).toLocaleString()}
          data-testid={TEST_IDS.staleBadge}
        >
          <Icon name="clock-nine" size="sm" aria-hidden />
          <span className={styles.spoken}>{t('stale.old', 'These data are old')}</span>
          <span aria-hidden>{formatAge(ageParts(age))}</span>
        </div>
      )}
    </div>
  );
}

/** The time in epoch milliseconds, renewed when the badge appears and whenever its text changes. */
function useClock(receivedAt: number, afterSeconds: number, failed: boolean): number {
  const [read, setRead] = useState(() => Date.now());
  // Newer data may have come since the clock was last read.
  const now = Math.max(read, receivedAt);
  const age = (now - receivedAt) / 1000;
  const left = untilOld(age, afterSeconds, failed);
  const wait = left === 0 ? nextChange(age) : left;
  useEffect(() => {
    if (wait === undefined) {
      return undefined;
    }
    const timer = setTimeout(() => setRead(Date.now()), wait);
    return () => clearTimeout(timer);
  }, [wait, now, receivedAt]);
  return now;
}

const getStyles = (theme: GrafanaTheme2) => ({
  corner: css({ position: 'absolute', top: 0, right: 0, pointerEvents: 'none', zIndex: 1 }),
  badge: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0, 0.75),
    pointerEvents: 'auto',
    color: theme.colors.warning.text,
    background: theme.colors.background.elevated ?? theme.colors.background.secondary,
    border: `1px solid ${theme.colors.warning.border}`,
    borderRadius: theme.shape.radius.pill,
    fontSize: theme.typography.bodySmall.fontSize,
    // Its border takes a pixel above and one below.
    lineHeight: `${BADGE_HEIGHT - 2}px`,
  }),
  spoken: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
});
