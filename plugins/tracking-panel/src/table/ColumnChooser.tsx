import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { usePluginUserStorage } from '@grafana/runtime';
import { Button, Checkbox, Toggletip, useStyles2 } from '@grafana/ui';
import React, { useEffect, useState } from 'react';
import { type TableColumn } from './columns';
import { type ColumnId } from './types';
import { hearChoices, parseChoice, tellChoice } from './columnChoice';

interface Props {
  available: TableColumn[];
  columns: TableColumn[];
  /** Undefined: as the dashboard has them. */
  onColumns: (ids: ColumnId[] | undefined) => void;
  storageKey: string;
}

/** Lets a viewer choose columns and remembers them: on the server for who is signed in, else in the browser. */
export function ColumnChooser({ available, columns, onColumns, storageKey }: Props) {
  const styles = useStyles2(getStyles);
  const current = usePluginUserStorage();
  // The hook answers a new object on every render, all of one content.
  const [storage] = useState(current);
  const key = `columns/${storageKey}`;

  useEffect(() => {
    let isCurrent = true;
    storage.getItem(key).then(
      (text) => isCurrent && onColumns(parseChoice(text)),
      // Who cannot read an earlier choice sees the dashboard's.
      () => undefined
    );
    return () => {
      isCurrent = false;
    };
  }, [storage, key, onColumns]);

  useEffect(() => hearChoices(key, onColumns), [key, onColumns]);

  const choose = (ids: ColumnId[] | undefined) => {
    tellChoice(key, ids);
    // A choice that cannot be stored still holds until the page is left.
    storage.setItem(key, ids ? JSON.stringify(ids) : '').catch(() => undefined);
  };
  const shown = columns.map(({ id }) => id);
  const toggle = (id: ColumnId) =>
    choose(
      available
        .map((column) => column.id)
        .filter((other) => (other === id ? !shown.includes(id) : shown.includes(other)))
    );
  const label = t('table.columns', 'Columns');
  return (
    <Toggletip
      title={label}
      placement="bottom-end"
      content={
        <div role="group" aria-label={label} className={styles.list}>
          {available.map(({ id, title }) => (
            <Checkbox
              key={id}
              label={title}
              value={shown.includes(id)}
              disabled={shown.length === 1 && shown.includes(id)}
              onChange={() => toggle(id)}
            />
          ))}
          <Button size="sm" fill="text" onClick={() => choose(undefined)}>
            {t('table.columns-reset', 'As in the dashboard')}
          </Button>
        </div>
      }
    >
      <Button size="sm" variant="secondary" icon="columns" aria-label={label} />
    </Toggletip>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: theme.spacing(1) }),
});
