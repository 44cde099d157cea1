/** What is selected, by id. Empty means "no selection": everything counts, nothing is dimmed. */
export interface Selection {
  /** In the order they were added, without repeats. */
  ids: readonly string[];
  /** Where a range starts: the entry that was last pressed without Shift. */
  anchor?: string;
}

/** `only` is a plain click, `toggle` one with Ctrl or Cmd, `range` one with Shift. */
export type PressMode = 'only' | 'toggle' | 'range';

export type SelectionAction =
  | {
      kind: 'press';
      id: string;
      mode: PressMode;
      /** The entries as the list that was pressed shows them. */
      order: readonly string[];
    }
  | { kind: 'clear' };

export const NOTHING_SELECTED: Selection = { ids: [] };

/**
 * The next selection. Pressing the only selected entry clears; Ctrl/Cmd adds or removes one; Shift selects from the
 * anchor to the pressed entry in the shown order, and again from the same anchor on the next Shift. A range without an
 * anchor in the shown order is a plain press. Pure.
 */
export function reduceSelection(selection: Selection, action: SelectionAction): Selection {
  if (action.kind === 'clear') {
    return NOTHING_SELECTED;
  }
  const { id, mode, order } = action;
  if (mode === 'toggle') {
    const without = selection.ids.filter((known) => known !== id);
    return without.length < selection.ids.length
      ? { ids: without, anchor: id }
      : { ids: [...selection.ids, id], anchor: id };
  }
  if (mode === 'range') {
    const range = rangeBetween(order, selection.anchor ?? selection.ids.at(-1), id);
    if (range) {
      return range;
    }
  }
  return selection.ids.length === 1 && selection.ids[0] === id ? NOTHING_SELECTED : { ids: [id], anchor: id };
}

function rangeBetween(order: readonly string[], anchor: string | undefined, id: string): Selection | undefined {
  const from = anchor === undefined ? -1 : order.indexOf(anchor);
  const to = order.indexOf(id);
  return from === -1 || to === -1
    ? undefined
    : { ids: order.slice(Math.min(from, to), Math.max(from, to) + 1), anchor };
}

/** What the keys held during a click or key press ask for; where one entry is all there can be, always `only`. */
export function pressMode(
  keys: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean },
  allowsSeveral: boolean
): PressMode {
  if (!allowsSeveral) {
    return 'only';
  }
  return keys.shiftKey ? 'range' : keys.ctrlKey || keys.metaKey ? 'toggle' : 'only';
}
