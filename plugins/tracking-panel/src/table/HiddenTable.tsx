import { css } from '@emotion/css';
import { t } from '@grafana/i18n';
import React from 'react';
import { TEST_IDS } from '../constants';
import { nameOfRest } from '../statuses/others';
import { type SliceSet } from '../statuses/types';
import { type NumberFormat } from '../shared/locale';
import { foldRows } from './tableRows';

interface Props {
  statuses: SliceSet;
  percentDecimals: number;
  numbers: NumberFormat;
  caption: string;
}

/** The figures as a table for screen readers alone, for panels without a visible one. */
export function HiddenTable({ statuses, percentDecimals, numbers, caption }: Props) {
  const { shown, rest } = foldRows(statuses.slices, statuses.gather);
  return (
    <div className={hidden} data-testid={TEST_IDS.hiddenTable}>
      <table>
        <caption>{caption || t('table.label', 'Packages by status')}</caption>
        <thead>
          <tr>
            <th scope="col">{statuses.columns.status}</th>
            <th scope="col">{statuses.columns.value}</th>
            <th scope="col">{t('table.share', 'Share')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((slice) => (
            <tr key={slice.id}>
              <th scope="row">{slice.label}</th>
              <td>{slice.valueText}</td>
              <td>{numbers.percent(slice.percent, percentDecimals)}</td>
            </tr>
          ))}
          {rest && (
            <tr>
              <th scope="row">{nameOfRest(statuses.othersName, rest.parts?.length ?? 0, numbers)}</th>
              <td>{rest.valueText}</td>
              <td>{numbers.percent(rest.percent, percentDecimals)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

// Out of sight, yet rendered: `display: none` would hide it from screen readers as well.
const hidden = css({
  position: 'absolute',
  width: 1,
  height: 1,
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
});
