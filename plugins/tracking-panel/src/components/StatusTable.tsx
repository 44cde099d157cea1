import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, useStyles2 } from '@grafana/ui';
import React, { Fragment, useMemo, useState } from 'react';
import { TEST_IDS } from '../constants';
import { type SliceSet } from '../data/slices';
import { formatPercent } from '../locale';
import { useStatusInteraction } from '../selection/StatusInteraction';
import { type Highlight, highlightOnHover } from './highlight';
import { useRoving } from './roving';
import { sortRows, type TableColumn, type TableSort, toggleSort } from './tableSort';

export const ROW_HEIGHT = 32;

/** Height of the table with its header and all rows. */
export const tableHeightOf = (rows: number) => (rows + 1) * ROW_HEIGHT + 2;

interface Props {
  statuses: SliceSet;
  percentDecimals: number;
  caption: string;
  highlight: Highlight;
}

/** Status, packages and share, in the pie's order until a header is clicked. */
export function StatusTable({ statuses, percentDecimals, caption, highlight }: Props) {
  const styles = useStyles2(getStyles);
  const [sort, setSort] = useState<TableSort>();
  const rows = useMemo(() => sortRows(statuses.slices, sort), [statuses.slices, sort]);
  const ids = rows.map(({ id }) => id);
  const interaction = useStatusInteraction(ids);
  const roving = useRoving(ids);
  const header = (column: TableColumn, title: string) => (
    <HeaderCell
      title={title}
      className={column === 'percent' ? styles.share : undefined}
      numeric={column !== 'status'}
      direction={sort?.column === column ? sort.direction : undefined}
      onSort={() => setSort((current) => toggleSort(current, column))}
    />
  );
  return (
    <table
      className={styles.table}
      data-testid={TEST_IDS.table}
      aria-label={caption || t('table.label', 'Packages by status')}
    >
      <thead>
        <tr>
          {header('status', statuses.columns.status)}
          {header('value', statuses.columns.value)}
          {header('percent', t('table.share', 'Share'))}
        </tr>
      </thead>
      <tbody {...roving.list}>
        {rows.map((slice) => {
          const isLit = highlight.active === slice.id;
          const name = (
            <>
              <span className={styles.swatch} style={{ background: slice.colour }} />
              {slice.label || t('status.missing', '(no status)')}
            </>
          );
          return (
            <tr
              key={slice.id}
              className={cx(styles.row, isLit && styles.active, interaction.rowClass(slice.id, isLit))}
              data-testid={TEST_IDS.tableRow(slice.id)}
              {...highlightOnHover(highlight, slice.id)}
              {...interaction.row(slice.id)}
            >
              <th scope="row" className={styles.status} title={slice.label}>
                {interaction.isEnabled ? (
                  <button {...interaction.button(slice.id)} {...roving.entry(slice.id)}>
                    {name}
                  </button>
                ) : (
                  name
                )}
              </th>
              <td className={styles.number}>{slice.valueText}</td>
              <td className={cx(styles.number, styles.share)}>{formatPercent(slice.percent, percentDecimals)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface HeaderProps {
  title: string;
  className?: string;
  numeric: boolean;
  direction: TableSort['direction'] | undefined;
  onSort: () => void;
}

function HeaderCell({ title, className, numeric, direction, onSort }: HeaderProps) {
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
      className={cx(styles.header, numeric ? styles.headerNumber : styles.headerStatus, className)}
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

/** Below this, cells are set closer; below the second, the share (which the legend has too) makes room for names. */
const NARROW = '@container (max-width: 280px)';
const VERY_NARROW = '@container (max-width: 200px)';

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    width: '100%',
    borderCollapse: 'separate',
    borderSpacing: 0,
    [NARROW]: { fontSize: theme.typography.bodySmall.fontSize },
  }),
  share: css({ [VERY_NARROW]: { display: 'none' } }),
  header: css({
    position: 'sticky',
    top: 0,
    height: ROW_HEIGHT,
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
    minHeight: ROW_HEIGHT - 2,
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
  row: css({ '& > *': { borderBottom: `1px solid ${theme.colors.border.weak}` } }),
  active: css({ background: theme.colors.action.hover }),
  status: css({
    // Takes what the numbers leave, and is the one that gives way when there is little.
    width: '100%',
    maxWidth: 0,
    height: ROW_HEIGHT,
    padding: theme.spacing(0, 1),
    [NARROW]: { padding: theme.spacing(0, 0.5) },
    fontWeight: theme.typography.fontWeightRegular,
    textAlign: 'left',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
  number: css({
    padding: theme.spacing(0, 1),
    [NARROW]: { padding: theme.spacing(0, 0.5) },
    textAlign: 'right',
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  }),
  swatch: css({
    display: 'inline-block',
    width: 10,
    height: 10,
    marginRight: theme.spacing(1),
    borderRadius: theme.shape.radius.circle,
  }),
});
