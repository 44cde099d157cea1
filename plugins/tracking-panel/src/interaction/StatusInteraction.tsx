import { type LinkModel } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { createContext, type KeyboardEvent, type MouseEvent, useContext, useRef } from 'react';
import { classNames } from '../shared/classNames';
import { getMarkStyles, type Mark } from './marks';

/** What pressing an entry that stands for a status does; made by `useInteraction`, shared by every part. */
export interface Interaction {
  /** Whether a press does anything. */
  isEnabled: boolean;
  /** Whether a press selects (else it follows a link). */
  selects: boolean;
  markOf: (id: string) => Mark;
  hasLinks: (id: string) => boolean;
  /** A click, Enter or Space on the entry, with the keys held; `order` are the entries as its list shows them. */
  press: (id: string, order: readonly string[], event: MouseEvent | KeyboardEvent) => void;
  /** The context menu with the entry's data links, if it has any. */
  openMenu: (id: string, event: MouseEvent) => void;
  /** A menu of these links, where the event happened. */
  openLinks: (links: LinkModel[], event: MouseEvent | KeyboardEvent) => void;
}

const NONE: Interaction = {
  isEnabled: false,
  selects: false,
  markOf: () => undefined,
  hasLinks: () => false,
  press: () => undefined,
  openMenu: () => undefined,
  openLinks: () => undefined,
};

/** Pixels that a pointer may move between down and up, as hands do; further, it is a drag, which selects text. */
const DRAG_FROM = 5;

export const InteractionContext = createContext<Interaction>(NONE);

/**
 * Props to spread on what stands for a status. A list whose entries take the focus themselves spreads `list` on itself
 * and `option` on each entry. Rows keep their own role: spread `row` on the row and `button` on a <button> around its
 * name; a click anywhere in the row counts, and so do Enter and Space on the button, whose click bubbles up.
 *
 * `order`: answers the ids of the entries as the list shows them, for a range with Shift.
 */
export function useStatusInteraction(order: () => readonly string[]) {
  const interaction = useContext(InteractionContext);
  const styles = useStyles2(getMarkStyles);
  const { isEnabled, selects, markOf, press, openMenu } = interaction;
  const down = useRef<{ x: number; y: number } | undefined>(undefined);
  const isDrag = ({ detail, clientX, clientY }: MouseEvent) => {
    const from = down.current;
    down.current = undefined;
    // A click by the keyboard has no place.
    return detail > 0 && from !== undefined && Math.hypot(clientX - from.x, clientY - from.y) >= DRAG_FROM;
  };

  const pointer = (id: string) => ({
    onClick: (event: MouseEvent) => {
      if (!isDrag(event)) {
        press(id, order(), event);
      }
    },
    onContextMenu: (event: MouseEvent) => openMenu(id, event),
    onMouseDown: (event: MouseEvent) => {
      down.current = { x: event.clientX, y: event.clientY };
      if (event.shiftKey) {
        // A range by Shift would select the text in between as well.
        event.preventDefault();
      }
    },
  });
  const classOf = (id: string, kind: 'slice' | 'row') => {
    const mark = markOf(id);
    return classNames(isEnabled && styles.pressable, mark && styles[kind][mark]);
  };

  return {
    isEnabled,
    list: selects
      ? { role: 'listbox', 'aria-multiselectable': true }
      : { role: isEnabled ? 'group' : 'list' },
    option: (id: string) =>
      isEnabled
        ? {
            ...pointer(id),
            ...(selects
              ? { role: 'option', 'aria-selected': markOf(id) === 'selected' }
              : { role: 'button' }),
            onKeyDown: (event: KeyboardEvent) => {
              if (event.key === 'Enter' || event.key === ' ') {
                event.preventDefault();
                press(id, order(), event);
              }
            },
          }
        : { role: 'listitem' },
    sliceClass: (id: string) => classOf(id, 'slice'),
    row: (id: string) => (isEnabled ? pointer(id) : {}),
    /** A highlighted row is not dimmed: on its background, the paler text would be too faint to read. */
    rowClass: (id: string, isHighlighted: boolean) =>
      isHighlighted && markOf(id) === 'dimmed' ? styles.pressable : classOf(id, 'row'),
    button: (id: string) => ({
      type: 'button' as const,
      className: styles.button,
      'aria-pressed': selects ? markOf(id) === 'selected' : undefined,
      'aria-haspopup': interaction.hasLinks(id) ? ('menu' as const) : undefined,
    }),
  };
}

export type StatusInteraction = ReturnType<typeof useStatusInteraction>;
