import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { measureText, useStyles2 } from '@grafana/ui';
import React, { useDeferredValue, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { TEST_IDS } from '../constants';
import { allColumns, pickColumns, type TableColumn } from './columns';
import { type Slice, type SliceList, type SliceSet } from '../statuses/types';
import { listRows, rowWindow, type TableSort, toggleSort } from './tableRows';
import { type NumberFormat } from '../shared/locale';
import { useStatusInteraction } from '../interaction/StatusInteraction';
import { steadyDigits } from '../shared/text';
import { type ColumnId, type TableOptions } from './types';
import { type Highlight } from '../interaction/highlight';
import { useRoving } from '../interaction/roving';
import { HeaderCell } from './TableHeader';
import { StatusRow } from './TableRow';
import { hasToolbar, TableToolbar, TOOLBAR_HEIGHT } from './TableToolbar';

export const ROW_HEIGHT = 32;
/** More rows than this are scrolled in the table, not in the panel. */
const MAX_ROWS = 40;
const FONT_SIZE = 14;
/** With more columns than these, statuses keep this width in pixels and the table scrolls sideways. */
const BASIC_COLUMNS = 3;
const MIN_STATUS_WIDTH = 120;
/** Rows whose texts are measured to find the width of a column. */
const SAMPLED_ROWS = 50;
/** Padding of a cell, both sides. */
const CELL_PADDING = 16;

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

/** Statuses with their figures, in the pie's order until a header is clicked. Draws the rows in sight alone. */
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
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<ColumnId[]>();
  const [scrollTop, setScrollTop] = useState(0);
  const deferredQuery = useDeferredValue(options.search ? query : '');

  const available = useMemo(
    () =>
      allColumns(statuses, percentDecimals, numbers, {
        share: t('table.share', 'Share'),
        missing: t('status.missing', '(no status)'),
        several: t('table.several', '(several)'),
      }),
    [statuses, percentDecimals, numbers]
  );
  const columns = useMemo(
    () => pickColumns(available, (options.chooseColumns && chosen) || options.columns),
    [available, chosen, options.chooseColumns, options.columns]
  );
  const rows = useMemo(
    () => listRows(statuses, columns, sort, deferredQuery),
    [statuses, columns, sort, deferredQuery]
  );

  const bodyHeight = height - (hasToolbar(options) ? TOOLBAR_HEIGHT : 0);
  const { first, end } = rowWindow(rows.length, ROW_HEIGHT, scrollTop, bodyHeight);
  const isWindowed = end - first < rows.length;
  const widths = useMemo(
    () =>
      columns.map((column) => {
        if (column.id === 'status') {
          return columns.length > BASIC_COLUMNS ? MIN_STATUS_WIDTH : undefined;
        }
        return isWindowed ? widthOf(column, rows, statuses.extremes) : undefined;
      }),
    [isWindowed, columns, rows, statuses.extremes]
  );
  const scroll = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // Another list begins at its top; the event that follows moves the window.
    if (scroll.current) {
      scroll.current.scrollTop = 0;
    }
  }, [deferredQuery, sort]);

  const ids = useMemo(() => idsOf(rows), [rows]);
  const interaction = useStatusInteraction(ids.all);
  const roving = useRoving(ids, {
    first,
    end,
    reveal: (index) => scroll.current?.scrollTo({ top: index * ROW_HEIGHT }),
  });

  return (
    <>
      <TableToolbar
        options={options}
        query={query}
        onQuery={setQuery}
        available={available}
        columns={columns}
        onColumns={setChosen}
        rows={rows}
        count={statuses.list.length}
        caption={caption}
        numbers={numbers}
        storageKey={storageKey}
      />
      <div
        ref={scroll}
        className={styles.scroll}
        style={{ height: bodyHeight }}
        onScroll={({ currentTarget }) => {
          const next = rowWindow(rows.length, ROW_HEIGHT, currentTarget.scrollTop, bodyHeight);
          if (next.first !== first || next.end !== end) {
            setScrollTop(currentTarget.scrollTop);
          }
        }}
      >
        <table
          className={styles.table}
          data-testid={TEST_IDS.table}
          aria-label={caption || t('table.label', 'Packages by status')}
          aria-rowcount={rows.length + 1}
        >
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column, index) => (
                <HeaderCell
                  key={column.id}
                  column={column}
                  minWidth={widths[index]}
                  direction={sort?.column === column.id ? sort.direction : undefined}
                  onSort={() => setSort((current) => toggleSort(current, column))}
                />
              ))}
            </tr>
          </thead>
          <tbody {...roving.list}>
            <Spacer rows={first} />
            {rows.slice(first, end).map((slice, index) => (
              <StatusRow
                key={slice.id}
                slice={slice}
                columns={columns}
                rowIndex={first + index + 2}
                shareBars={options.shareBars}
                highlight={highlight}
                interaction={interaction}
                focusable={roving.entry(slice.id)}
              />
            ))}
            <Spacer rows={rows.length - end} />
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

/** Stands for rows that are not drawn. */
function Spacer({ rows }: { rows: number }) {
  return rows > 0 ? <tr aria-hidden style={{ height: rows * ROW_HEIGHT }} /> : null;
}

/** The statuses that rows stand for, made as they are asked for. */
const idsOf = (rows: SliceList) => ({
  length: rows.length,
  at: (index: number) => rows.at(index)?.id,
  slice: (first: number, end: number) => rows.slice(first, end).map(({ id }) => id),
  all: () => rows.slice(0, rows.length).map(({ id }) => id),
});

/**
 * Room for the texts of all rows, so that no column moves while rows come and go. Judged by the least and the greatest
 * of all statuses, and some others: writing out ten thousand would take longer than drawing.
 */
function widthOf(column: TableColumn, rows: SliceList, extremes: Slice[]): number | undefined {
  if (!column.numeric) {
    return undefined;
  }
  const step = Math.ceil(rows.length / SAMPLED_ROWS);
  const sampled = Array.from({ length: Math.ceil(rows.length / step) }, (_, index) => rows.at(index * step));
  // Of shares, the extremes are those of the counts.
  const judged = [
    ...sampled,
    ...(column.id === 'count' || column.id === 'share' ? extremes : extremesBy(column, rows)),
  ];
  const texts = judged.flatMap((slice) => (slice ? [steadyDigits(column.text(slice))] : []));
  return widestText(texts) + CELL_PADDING;
}

function extremesBy(column: TableColumn, rows: SliceList): Slice[] {
  const all = rows.slice(0, rows.length);
  const value = (slice: Slice | undefined) => Number(slice && column.raw(slice));
  const least = all.reduce((found, slice) => (value(slice) < value(found) ? slice : found), all[0]);
  const greatest = all.reduce((found, slice) => (value(slice) > value(found) ? slice : found), all[0]);
  return [least, greatest].flatMap((slice) => slice ?? []);
}

/** Most of the texts are equal once their digits are. */
const widestText = (texts: string[]) =>
  Math.ceil(Math.max(0, ...[...new Set(texts)].map((text) => measureText(text, FONT_SIZE).width)));

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
