import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Icon, Input, useStyles2 } from '@grafana/ui';
import React from 'react';
import { type TableColumn } from './columns';
import { rowsToCsv } from './csv';
import { type NumberFormat } from '../shared/locale';
import { type Slice } from '../statuses/types';
import { type ColumnId, type TableOptions } from './types';
import { ColumnChooser } from './ColumnChooser';
import { csvName, downloadText } from './download';

/** A small control and the gap under it. */
export const TOOLBAR_HEIGHT = 40;
/** Characters of a search that is as wide as it gets. */
const SEARCH_MAX_WIDTH = 280;

export const hasToolbar = (options: TableOptions) =>
  options.search || options.chooseColumns || options.export;

interface Props {
  options: TableOptions;
  query: string;
  onQuery: (query: string) => void;
  available: TableColumn[];
  columns: TableColumn[];
  onColumns: (ids: ColumnId[] | undefined) => void;
  /** All rows after search and sort, those that are not listed one by one included. */
  rows: Slice[];
  /** Rows without a search. */
  count: number;
  caption: string;
  numbers: NumberFormat;
  storageKey: string;
}

/** Search, choice of columns and export, as far as the options have them; nothing without any. */
export function TableToolbar(props: Props) {
  const { options, query, onQuery, columns, rows, count, caption } = props;
  const styles = useStyles2(getStyles);
  if (!hasToolbar(options)) {
    return null;
  }
  const save = () =>
    downloadText(
      rowsToCsv(columns, rows, options.exportText, props.numbers),
      csvName(caption, new Date()),
      CSV_TYPE
    );
  const searchLabel = t('table.search', 'Search the table');
  return (
    <div className={styles.bar}>
      {options.search && (
        <div className={styles.search}>
          <Input
            value={query}
            onChange={({ currentTarget }) => onQuery(currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && query !== '') {
                event.stopPropagation();
                onQuery('');
              }
            }}
            aria-label={searchLabel}
            placeholder={searchLabel}
            prefix={<Icon name="search" />}
            type="search"
          />
        </div>
      )}
      <span role="status" className={styles.count}>
        {query.trim() !== '' &&
          t('table.found', '{{shown}} of {{total}}', { shown: rows.length, total: count })}
      </span>
      {options.chooseColumns && (
        <ColumnChooser
          available={props.available}
          columns={columns}
          onColumns={props.onColumns}
          storageKey={props.storageKey}
        />
      )}
      {options.export && (
        <Button
          size="sm"
          variant="secondary"
          icon="download-alt"
          aria-label={t('table.export', 'Save as CSV')}
          tooltip={t('table.export', 'Save as CSV')}
          onClick={save}
        />
      )}
    </div>
  );
}

const CSV_TYPE = 'text/csv;charset=utf-8';

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    height: TOOLBAR_HEIGHT,
    paddingBottom: theme.spacing(1),
  }),
  search: css({ flex: '1 1 auto', minWidth: 0, maxWidth: SEARCH_MAX_WIDTH }),
  count: css({
    flex: '1 0 auto',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
  }),
});
