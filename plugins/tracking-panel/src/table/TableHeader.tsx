import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React, { Fragment } from 'react';
import { type TableColumn } from './columns';
import { type TableSort } from './tableRows';

/** Below this, cells are set closer; below the second, the share (which the legend has too) makes room for names. */
export const NARROW = '@container (max-width: 280px)';
export const VERY_NARROW = '@container (max-width: 200px)';
const HEADER_HEIGHT = 32;

interface Props {
  column: TableColumn;
  /** Pixels; not set: as wide as its texts. */
  minWidth: number | undefined;
  direction: TableSort['direction'] | undefined;
  onSort: () => void;
}

export function HeaderCell({ column: { id, title, numeric }, minWidth, direction, onSort }: Props) {
  const styles = useStyles2(getStyles);
  const ariaSort = direction === undefined ? 'none' : direction === 'asc' ? 'ascending' : 'descending';
  const icon = (
    <span className={cx(styles.sortIcon, !direction && styles.hidden)} aria-hidden>
      <Icon name={direction === 'asc' ? 'arrow-up' : 'arrow-down'} size="sm" />
    </span>
  );
  return (
    <th
      scope="col"
      aria-sort={ariaSort}
      className={cx(
        styles.header,
        numeric ? styles.headerNumber : id === 'status' && styles.headerStatus,
        id === 'share' && styles.share
      )}
      style={{ minWidth }}
    >
      <button type="button" className={styles.sortButton} aria-label={title} onClick={onSort}>
        {numeric && icon}
        <span>{breakable(title)}</span>
        {!numeric && icon}
      </button>
    </th>
  );
}

/** Lets a column name such as total_pacotes break after its underscores, so that narrow tables keep their numbers. */
function breakable(title: string) {
  return title.split('_').map((part, index, parts) => (
    <Fragment key={index}>
      {part}
      {index < parts.length - 1 && '_'}
      {index < parts.length - 1 && <wbr />}
    </Fragment>
  ));
}

const getStyles = (theme: GrafanaTheme2) => ({
  share: css({ [VERY_NARROW]: { display: 'none' } }),
  header: css({
    position: 'sticky',
    top: 0,
    zIndex: 1,
    height: HEADER_HEIGHT,
    padding: 0,
    textAlign: 'left',
    background: theme.colors.background.primary,
    borderBottom: `1px solid ${theme.colors.border.medium}`,
  }),
  headerStatus: css({ width: '100%', maxWidth: 0, overflow: 'hidden' }),
  headerNumber: css({ textAlign: 'right', justifyContent: 'flex-end' }),
  sortButton: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    width: '100%',
    minHeight: HEADER_HEIGHT - 2,
    padding: theme.spacing(0, 1),
    [NARROW]: { padding: theme.spacing(0, 0.5) },
    border: 'none',
    background: 'none',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
    lineHeight: 1.2,
    textAlign: 'inherit',
    justifyContent: 'inherit',
    // Column names break only where the room is short.
    '@container (min-width: 420px)': { whiteSpace: 'nowrap', '& wbr': { display: 'none' } },
    '&:hover': { color: theme.colors.text.primary },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
  }),
  sortIcon: css({
    display: 'inline-flex',
    flexShrink: 0,
    [NARROW]: { display: 'none' },
  }),
  hidden: css({ visibility: 'hidden' }),
});
