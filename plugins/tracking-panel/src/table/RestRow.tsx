import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { TEST_IDS } from '../constants';
import { classNames } from '../shared/classNames';
import { type NumberFormat } from '../shared/locale';
import { nameOfRest } from '../statuses/others';
import { type Slice } from '../statuses/types';
import { type TableColumn } from './columns';
import { getRowStyles } from './TableRow';

interface Props {
  /** Gathers the statuses that are not listed. */
  rest: Slice;
  /** What gathered statuses are called. */
  name: string;
  columns: TableColumn[];
  numbers: NumberFormat;
}

/** One row for all statuses that are not listed: how many they are and their sum. Nothing to press: it is no status. */
export function RestRow({ rest, name, columns, numbers }: Props) {
  const styles = useStyles2(getRowStyles);
  return (
    <tr className={styles.row} data-testid={TEST_IDS.restRow}>
      {columns.map(({ id, numeric, text }) =>
        id === 'status' ? (
          <th key={id} scope="row" className={styles.status}>
            <span className={styles.swatch} style={{ background: rest.color }} />
            {nameOfRest(name, rest.parts?.length ?? 0, numbers)}
          </th>
        ) : (
          <td
            key={id}
            className={classNames(numeric ? styles.number : styles.text, id === 'share' && styles.share)}
          >
            {id === 'count' || id === 'share' ? text(rest) : ''}
          </td>
        )
      )}
    </tr>
  );
}
