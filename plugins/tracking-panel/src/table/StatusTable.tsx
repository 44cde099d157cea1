import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React, { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { TEST_IDS } from '../constants';
import { type Highlight } from '../interaction/highlight';
import { useRoving } from '../interaction/roving';
import { useStatusInteraction } from '../interaction/StatusInteraction';
import { type NumberFormat } from '../shared/locale';
import { type SliceSet } from '../statuses/types';
import { allColumns, pickColumns } from './columns';
import { RestRow } from './RestRow';
import { HeaderCell } from './TableHeader';
import { foldRows, listRows, type TableSort, toggleSort } from './tableRows';
import { StatusRow } from './TableRow';
import { hasToolbar, TableToolbar, TOOLBAR_HEIGHT } from './TableToolbar';
import { type ColumnId, type TableOptions } from './types';

const ROW_HEIGHT = 32;
/** More rows than this are scrolled in the table, not in the panel. */
const MAX_ROWS = 40;
/** With more columns than these, statuses keep this width in pixels and the table scrolls sideways. */
const BASIC_COLUMNS = 3;
const MIN_STATUS_WIDTH = 120;

/** Height of the table with its header and its rows, or as many of them as it shows at once. */
export const tableHeightOf = (rows: number, options: TableOptions) =>
  (hasToolbar(options) ? TOOLBAR_HEIGHT : 0) + (Math.min(rows, MAX_ROWS) + 1) * ROW_HEIGHT + 2;

interface Props {
  statuses: SliceSet;
  options: TableOptions;
  percentDecimals: number;
  numbers: NumberFormat;
  caption: string;
  height: number;
  highlight: Highlight;
  /** Tells the panel's stored choices from those of others. */
  storageKey: string;
}

/** Statuses with their figures, in the pie's order until a header is clicked. */
export function StatusTable({
  statuses,
  options,
  percentDecimals,
  numbers,
  caption,
  height,
  highlight,
  storageKey,
}: Props) {
  const styles = useStyles2(getStyles);
  const [sort, setSort] = useState<TableSort>();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<ColumnId[]>();
  const query = options.search ? text : '';

  const available = useMemo(
    () =>
      allColumns(statuses, percentDecimals, numbers, {
        share: t('table.share', 'Share'),
        several: t('table.several', '(several)'),
      }),
    [statuses, percentDecimals, numbers]
  );
  const columns = useMemo(
    () => pickColumns(available, (options.chooseColumns && chosen) || options.columns),
    [available, chosen, options.chooseColumns, options.columns]
  );
  const rows = useMemo(
    () => listRows(statuses.slices, columns, sort, query),
    [statuses.slices, columns, sort, query]
  );
  const { shown, rest } = useMemo(() => foldRows(rows, statuses.gather), [rows, statuses.gather]);
  const ids = useMemo(() => shown.map(({ id }) => id), [shown]);
  const interaction = useStatusInteraction(() => ids);
  const roving = useRoving(ids);

  const scroll = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // Another list begins at its top.
    if (scroll.current) {
      scroll.current.scrollTop = 0;
    }
  }, [query, sort]);

  return (
    <>
      <TableToolbar
        options={options}
        query={text}
        onQuery={setText}
        available={available}
        columns={columns}
        onColumns={setChosen}
        rows={rows}
        count={statuses.slices.length}
        caption={caption}
        numbers={numbers}
        storageKey={storageKey}
      />
      <div
        ref={scroll}
        className={styles.scroll}
        style={{ height: height - (hasToolbar(options) ? TOOLBAR_HEIGHT : 0) }}
      >
        <table
          className={styles.table}
          data-testid={TEST_IDS.table}
          aria-label={caption || t('table.label', 'Packages by status')}
        >
          <thead>
            <tr>
              {columns.map((column) => (
                <HeaderCell
                  key={column.id}
                  column={column}
                  minWidth={
                    column.id === 'status' && columns.length > BASIC_COLUMNS ? MIN_STATUS_WIDTH : undefined
                  }
                  direction={sort?.column === column.id ? sort.direction : undefined}
                  onSort={() => setSort((current) => toggleSort(current, column))}
                />
              ))}
            </tr>
          </thead>
          <tbody {...roving.list}>
            {shown.map((slice) => (
              <StatusRow
                key={slice.id}
                slice={slice}
                columns={columns}
                shareBars={options.shareBars}
                highlight={highlight}
                interaction={interaction}
                focusable={roving.entry(slice.id)}
              />
            ))}
            {rest && <RestRow rest={rest} name={statuses.othersName} columns={columns} numbers={numbers} />}
            {rows.length === 0 && (
              <tr>
                <td colSpan={columns.length} className={styles.none}>
                  {t('table.none-found', 'No row has that text')}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({ overflow: 'auto', containerType: 'inline-size' }),
  table: css({
    width: '100%',
    borderCollapse: 'separate',
    borderSpacing: 0,
    '@container (max-width: 280px)': { fontSize: theme.typography.bodySmall.fontSize },
  }),
  none: css({ height: ROW_HEIGHT, padding: theme.spacing(0, 1), color: theme.colors.text.secondary }),
});
