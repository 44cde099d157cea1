import { css } from '@emotion/css';
import { colorManipulator, type GrafanaTheme2, type LinkModel } from '@grafana/data';
import { DataLinksContextMenu, useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';
import { TEST_IDS } from '../constants';
import { type TableColumn } from './columns';
import { type Slice } from '../statuses/types';
import { type StatusInteraction } from '../interaction/StatusInteraction';
import { classNames } from '../shared/classNames';
import { FORCED_COLORS } from '../shared/forcedColors';
import { type Highlight, highlightOnHover } from '../interaction/highlight';
import { type RovingEntry } from '../interaction/roving';
import { NARROW, VERY_NARROW } from './TableHeader';

const HEIGHT = 32;
/** Of a bar, so that text on it keeps its contrast in both themes. */
const BAR_OPACITY = 0.3;
const MAX_TEXT_WIDTH = 240;

interface Props {
  slice: Slice;
  columns: TableColumn[];
  shareBars: boolean;
  highlight: Highlight;
  interaction: StatusInteraction;
  /** What makes the row's button an entry of a list with one tab stop. */
  focusable: RovingEntry;
}

/**
 * A status with its figures. The status itself is what is pressed, so its links are shared with the selection as on a
 * slice; the links of other fields are in their cells.
 */
export function StatusRow({ slice, columns, shareBars, highlight, interaction, focusable }: Props) {
  const styles = useStyles2(getRowStyles);
  const isLit = highlight.active === slice.id;
  return (
    <tr
      className={classNames(styles.row, isLit && styles.active, interaction.rowClass(slice.id, isLit))}
      data-testid={TEST_IDS.tableRow(slice.id)}
      {...highlightOnHover(highlight, slice.id)}
      {...interaction.row(slice.id)}
    >
      {columns.map((column) => {
        const text = column.text(slice);
        if (column.id === 'status') {
          const name = (
            <>
              <span className={styles.swatch} style={{ background: slice.color }} />
              {text}
            </>
          );
          return (
            <th key={column.id} scope="row" className={styles.status} title={slice.label}>
              {interaction.isEnabled ? (
                <button {...interaction.button(slice.id)} {...focusable}>
                  {name}
                </button>
              ) : (
                name
              )}
            </th>
          );
        }
        const links = column.links(slice);
        const content = links.length > 0 ? <Linked links={links}>{text}</Linked> : text;
        const isBar = column.id === 'share' && shareBars;
        return (
          <td
            key={column.id}
            className={classNames(
              column.numeric ? styles.number : styles.text,
              column.id === 'share' && styles.share,
              isBar && styles.bar
            )}
            style={isBar ? { backgroundImage: barOf(slice) } : undefined}
            title={column.numeric ? undefined : text}
          >
            {content}
          </td>
        );
      })}
    </tr>
  );
}

/** A bar from the left edge, as long as the share. Painted, not an element: rows stay light. */
function barOf({ color, percent }: Slice): string {
  const paint = colorManipulator.alpha(color, BAR_OPACITY);
  return `linear-gradient(to right, ${paint} ${percent}%, transparent ${percent}%)`;
}

/** The text as a link, or as the button of a menu of several links. */
function Linked({ links, children }: { links: LinkModel[]; children: ReactNode }) {
  const styles = useStyles2(getRowStyles);
  const [link] = links;
  if (!link) {
    return <>{children}</>;
  }
  if (links.length === 1) {
    return (
      <a
        href={link.href}
        target={link.target}
        rel={link.target === '_blank' ? 'noreferrer' : undefined}
        title={link.title}
        onClick={link.onClick}
        className={styles.link}
      >
        {children}
      </a>
    );
  }
  return (
    <DataLinksContextMenu links={() => links}>
      {({ openMenu }) => (
        <button
          type="button"
          aria-haspopup="menu"
          className={classNames(styles.link, styles.menu)}
          onClick={openMenu}
        >
          {children}
        </button>
      )}
    </DataLinksContextMenu>
  );
}

const oneLine = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const;

export const getRowStyles = (theme: GrafanaTheme2) => {
  const cell = { height: HEIGHT, padding: theme.spacing(0, 1), [NARROW]: { padding: theme.spacing(0, 0.5) } };
  return {
    share: css({ [VERY_NARROW]: { display: 'none' } }),
    row: css({ '& > *': { borderBottom: `1px solid ${theme.colors.border.weak}` } }),
    active: css({ background: theme.colors.action.hover }),
    // Takes what the numbers leave, and is the one that gives way when there is little.
    status: css({
      ...cell,
      ...oneLine,
      width: '100%',
      maxWidth: 0,
      fontWeight: theme.typography.fontWeightRegular,
      textAlign: 'left',
    }),
    number: css({ ...cell, textAlign: 'right', fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }),
    text: css({ ...cell, ...oneLine, maxWidth: MAX_TEXT_WIDTH }),
    bar: css({
      minWidth: 120,
      backgroundOrigin: 'content-box',
      backgroundRepeat: 'no-repeat',
      backgroundClip: 'content-box',
      [NARROW]: { minWidth: 0 },
      [FORCED_COLORS]: { forcedColorAdjust: 'none', color: 'CanvasText', backgroundColor: 'Canvas' },
    }),
    swatch: css({
      display: 'inline-block',
      width: 10,
      height: 10,
      marginRight: theme.spacing(1),
      borderRadius: theme.shape.radius.circle,
      forcedColorAdjust: 'none',
    }),
    link: css({
      color: theme.colors.text.link,
      '&:hover': { textDecoration: 'underline' },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
    }),
    menu: css({ padding: 0, border: 'none', background: 'none', font: 'inherit' }),
  };
};
