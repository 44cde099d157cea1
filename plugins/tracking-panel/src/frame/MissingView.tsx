import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, ClipboardButton, Toggletip, useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';
import { TEST_IDS } from '../constants';
import { EXAMPLE_QUERIES } from './exampleQueries';
import { type Missing } from './missing';

export const MISSING_BANNER_HEIGHT = 32;

/** One line over what can be drawn: what the options name and the data lack, with a query that would have it. */
export function MissingBanner({ missing }: { missing: Missing[] }) {
  const styles = useStyles2(getStyles);
  const [first] = missing;
  const text = missing.map(textOf).join(' ');
  return (
    <div role="status" className={styles.banner} data-testid={TEST_IDS.missing}>
      <span className={styles.text} title={text}>
        {text}
      </span>
      {first && (
        <Toggletip content={<ExampleQuery query={queryFor(first)} />} placement="bottom-end">
          <Button size="sm" fill="text">
            {t('state.example', 'Example query')}
          </Button>
        </Toggletip>
      )}
    </div>
  );
}

interface UnusableProps {
  wanted: 'statuses' | 'kpis';
  /** Draws Grafana's own view with this message. */
  children: (message: string) => ReactNode;
}

/** What the panel needs and a query that has it, under Grafana's view, which offers other visualizations. */
export function UnusableView({ wanted, children }: UnusableProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.unusable}>
      <div className={styles.view}>
        {children(
          // Grafana's view ends it with a full stop.
          wanted === 'statuses'
            ? t('state.no-statuses', 'The query needs a field with the status and a number with the count')
            : t('state.no-kpis', 'The query needs a number: one row, or rows with a time field')
        )}
      </div>
      <ExampleQuery query={EXAMPLE_QUERIES[wanted]} />
    </div>
  );
}

function ExampleQuery({ query }: { query: string }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.example}>
      <pre className={styles.query}>{query}</pre>
      <ClipboardButton size="sm" variant="secondary" icon="copy" getText={() => query}>
        {t('state.copy', 'Copy')}
      </ClipboardButton>
    </div>
  );
}

function textOf({ what, name, available }: Missing): string {
  // React escapes.
  const values = {
    name,
    found: available.join(', ') || t('state.missing-none', 'none'),
    interpolation: { escapeValue: false },
  };
  switch (what) {
    case 'statusField':
      return t(
        'state.missing-status',
        'There is no field {{name}} of statuses; there are: {{found}}.',
        values
      );
    case 'countField':
    case 'cardField':
      return t('state.missing-number', 'There is no number {{name}}; there are: {{found}}.', values);
    case 'previousQuery':
      return t(
        'state.missing-query',
        'Query {{name}} gave no data for the previous period; there are: {{found}}.',
        values
      );
  }
}

function queryFor({ what }: Missing): string {
  return what === 'previousQuery'
    ? EXAMPLE_QUERIES.previous
    : what === 'cardField'
      ? EXAMPLE_QUERIES.kpis
      : EXAMPLE_QUERIES.statuses;
}

const getStyles = (theme: GrafanaTheme2) => ({
  banner: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    height: MISSING_BANNER_HEIGHT - 8,
    marginBottom: 8,
    padding: theme.spacing(0, 1),
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.warning.text,
    background: theme.colors.warning.transparent,
    borderRadius: theme.shape.radius.default,
  }),
  text: css({
    flex: '1 1 auto',
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
  unusable: css({ height: '100%', overflow: 'auto', display: 'flex', flexDirection: 'column' }),
  view: css({ flex: '1 0 auto', position: 'relative' }),
  example: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(1),
  }),
  query: css({
    maxWidth: '100%',
    margin: 0,
    fontSize: theme.typography.bodySmall.fontSize,
    textAlign: 'left',
  }),
});
