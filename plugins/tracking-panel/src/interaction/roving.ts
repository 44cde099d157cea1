import { type KeyboardEvent, useRef, useState } from 'react';

/** The entry that a key moves the focus to, round and round; undefined for keys that move nothing. */
export function nextIndex(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (index + 1) % count;
    case 'ArrowLeft':
    case 'ArrowUp':
      return (index - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/**
 * Makes a list one tab stop, walked by the arrow keys, Home and End. Spread `list` on the element around the entries
 * and `entry(id)` on what takes the focus in each of them.
 */
export function useRoving(ids: readonly string[]) {
  const elements = useRef(new Map<string, HTMLElement>());
  const [last, setLast] = useState<string>();
  const stop = last !== undefined && ids.includes(last) ? last : ids[0];
  return {
    list: {
      onKeyDown: (event: KeyboardEvent) => {
        const index = ids.findIndex((id) => elements.current.get(id) === event.target);
        const target = index === -1 ? undefined : nextIndex(event.key, index, ids.length);
        if (target !== undefined) {
          event.preventDefault();
          elements.current.get(ids[target] ?? '')?.focus();
        }
      },
    },
    entry: (id: string): RovingEntry => ({
      tabIndex: id === stop ? 0 : -1,
      onFocus: () => setLast(id),
      ref: (element) => {
        if (element) {
          elements.current.set(id, element);
        } else {
          elements.current.delete(id);
        }
      },
    }),
  };
}

/** What an entry of {@link useRoving} spreads on the element that takes the focus. */
export interface RovingEntry {
  tabIndex: number;
  onFocus: () => void;
  ref: (element: HTMLElement | null) => void;
}
