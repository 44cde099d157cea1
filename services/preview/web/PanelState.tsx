import { type GrafanaTheme2, type PanelData } from '@grafana/data';
import { Icon, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import { css } from '@emotion/css';
import React, { useEffect, useState } from 'react';

/** How a panel looks that has no figures: four different looks, none of them green, none of them a figure. */
export type Look = 'loading' | 'empty' | 'error' | 'unavailable';

/** A look with its text. */
export function PanelState({ look, text }: { look: Look; text: string }) {
  const styles = useStyles2(getStyles);
  if (look === 'error')
    return (
      <div role="alert" className={styles.error} data-testid="panel state error">
        <strong>
          <Icon name="exclamation-circle" aria-hidden /> A fonte de dados não respondeu à consulta
        </strong>
        <div className={styles.reason}>{text}</div>
      </div>
    );
  return (
    <div role="status" className={styles.centre} data-testid={`panel state ${look}`}>
      {look === 'loading' && <LoadingPlaceholder text="Carregando..." />}
      {look === 'empty' && <p className={styles.text}>{text}</p>}
      {look === 'unavailable' && (
        <p className={styles.elsewhere}>
          <Icon name="info-circle" aria-hidden /> {text}
        </p>
      )}
    </div>
  );
}

/** What the data sources said went wrong. */
export const errorText = ({ errors }: Pick<PanelData, 'errors'>): string =>
  [...new Set((errors ?? []).map(({ message }) => message ?? ''))].filter((text) => text !== '').join('\n');

const TICK_MS = 1000;
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** The age of figures that outlived a failed query, beside the panel's title. */
export function AgeBadge({ receivedAt }: { receivedAt: number }) {
  const styles = useStyles2(getStyles);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), TICK_MS);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <span className={styles.badge} data-testid="panel age" title="Números antigos: a consulta falhou">
      <Icon name="clock-nine" size="sm" aria-hidden /> {ageText((now - receivedAt) / 1000)}
    </span>
  );
}

/** An age in seconds in its largest unit: "3 min". */
function ageText(seconds: number): string {
  const age = Math.max(0, Math.floor(seconds));
  const [unit, length] = UNITS.find(([, unitLength]) => age >= unitLength) ?? ['second', 1];
  const format = new Intl.NumberFormat('pt-BR', { style: 'unit', unit, unitDisplay: 'short' });
  return format.format(Math.floor(age / length));
}

const getStyles = (theme: GrafanaTheme2) => ({
  centre: css({
    height: '100%',
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    textAlign: 'center',
    overflow: 'auto',
  }),
  error: css({
    height: '100%',
    overflow: 'auto',
    padding: theme.spacing(0.5, 1),
    fontSize: theme.typography.bodySmall.fontSize,
    // The theme's error text is too faint on its own background.
    color: theme.colors.text.primary,
    background: theme.colors.error.transparent,
    borderLeft: `3px solid ${theme.colors.error.main}`,
  }),
  text: css({ margin: 0, color: theme.colors.text.secondary }),
  elsewhere: css({
    margin: 0,
    padding: theme.spacing(1, 2),
    color: theme.colors.info.text,
    border: `1px dashed ${theme.colors.info.border}`,
    borderRadius: theme.shape.radius.default,
  }),
  reason: css({ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }),
  badge: css({
    color: theme.colors.warning.text,
    border: `1px solid ${theme.colors.warning.border}`,
    borderRadius: theme.shape.radius.pill,
    padding: theme.spacing(0, 0.75),
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
  }),
});
