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

/** The part of a long list that is drawn. */
interface Drawn {
  first: number;
  /** After the last one. */
  end: number;
  /** Brings the entry at an index into the drawn part. */
  reveal: (index: number) => void;
}

/** The entries of a list; an array is one. */
interface Ids {
  readonly length: number;
  at: (index: number) => string | undefined;
  slice: (first: number, end: number) => readonly string[];
}

/**
 * Makes a list one tab stop, walked by the arrow keys, Home and End. Spread `list` on the element around the entries
 * and `entry(id)` on what takes the focus in each of them. Of a list that draws a part of itself alone, `drawn` says which.
 */
export function useRoving(ids: Ids, drawn?: Drawn) {
  const elements = useRef(new Map<string, HTMLElement>());
  const awaited = useRef<string | undefined>(undefined);
  const [last, setLast] = useState<string>();
  const first = drawn?.first ?? 0;
  const shown = ids.slice(first, drawn?.end ?? ids.length);
  const stop = last !== undefined && shown.includes(last) ? last : shown[0];
  return {
    list: {
      onKeyDown: (event: KeyboardEvent) => {
        const index = shown.findIndex((id) => elements.current.get(id) === event.target);
        const target = index === -1 ? undefined : nextIndex(event.key, first + index, ids.length);
        const id = target === undefined ? undefined : ids.at(target);
        if (target === undefined || id === undefined) {
          return;
        }
        event.preventDefault();
        const element = elements.current.get(id);
        if (element) {
          element.focus();
        } else {
          awaited.current = id;
          drawn?.reveal(target);
        }
      },
    },
    entry: (id: string): RovingEntry => ({
      tabIndex: id === stop ? 0 : -1,
      onFocus: () => setLast(id),
      ref: (element) => {
        if (!element) {
          elements.current.delete(id);
          return;
        }
        elements.current.set(id, element);
        if (awaited.current === id) {
          awaited.current = undefined;
          element.focus();
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
