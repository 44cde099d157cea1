import { css } from '@emotion/css';
import { type GrafanaTheme2, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React from 'react';
import { TEST_IDS } from '../constants';

/** What the data source said went wrong, all of it; several queries may have failed. */
function errorText(data: PanelData): string {
  // Grafana fills `errors`; a host may still know the older field alone.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
  const errors = data.errors?.length ? data.errors : data.error ? [data.error] : [];
  const texts = errors
    .map(({ message, data: detail }) => message || detail?.message || detail?.error)
    .filter(Boolean);
  return (
    [...new Set(texts)].join('\n') ||
    t('state.error-unknown', 'The data source gave no reason. Open the query inspector to see its answer.')
  );
}

/** Instead of anything else: no figure came, which is another thing than a figure of 0. */
export function ErrorView({ data }: { data: PanelData }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.scroll} data-testid={TEST_IDS.state('error')}>
      <Alert
        severity="error"
        title={t('state.no-answer', 'The data source did not answer the query')}
        bottomSpacing={0}
      >
        <span className={styles.reason}>{errorText(data)}</span>
      </Alert>
    </div>
  );
}

export const ERROR_BANNER_HEIGHT = 32;

/** One line over data that are still drawn although a query failed. */
export function ErrorBanner({ data }: { data: PanelData }) {
  const styles = useStyles2(getStyles);
  const text = `${t('state.error', 'The query failed')}: ${errorText(data)}`;
  return (
    <div role="alert" className={styles.banner} title={text} data-testid={TEST_IDS.errorBanner}>
      {text}
    </div>
  );
}

export function EmptyView({ text }: { text: string }) {
  const styles = useStyles2(getStyles);
  return (
    <div role="status" className={styles.centre} data-testid={TEST_IDS.state('empty')}>
      <p className={styles.text}>{text}</p>
    </div>
  );
}

export function LoadingView() {
  const styles = useStyles2(getStyles);
  return (
    <div role="status" className={styles.centre} data-testid={TEST_IDS.state('loading')}>
      <LoadingPlaceholder text={t('state.loading', 'Loading...')} />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  centre: css({
    height: '100%',
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    overflow: 'auto',
    padding: theme.spacing(1),
  }),
  text: css({ margin: 0, maxWidth: '60ch', textAlign: 'center', color: theme.colors.text.secondary }),
  scroll: css({ height: '100%', overflow: 'auto' }),
  reason: css({ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }),
  banner: css({
    height: ERROR_BANNER_HEIGHT - 8,
    marginBottom: 8,
    // To the right, the badge with the age of the data may stand.
    padding: theme.spacing(0, 9, 0, 1),
    lineHeight: `${ERROR_BANNER_HEIGHT - 8}px`,
    fontSize: theme.typography.bodySmall.fontSize,
    // The theme's error text is too faint on its own background (4.3:1 in the light theme).
    color: theme.colors.text.primary,
    background: theme.colors.error.transparent,
    borderLeft: `3px solid ${theme.colors.error.main}`,
    borderRadius: theme.shape.radius.default,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
});
