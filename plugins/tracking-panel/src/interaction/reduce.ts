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
      /** The statuses that the pressed entry stands for: one, or those that it gathers. */
      ids: readonly string[];
      mode: PressMode;
      /** The statuses as the list that was pressed shows them. */
      order: readonly string[];
    }
  | { kind: 'clear' };

export const NOTHING_SELECTED: Selection = { ids: [] };

/**
 * The next selection. Pressing what alone is selected clears; Ctrl/Cmd adds or removes; Shift selects from the anchor to
 * the pressed entry in the shown order, and again from the same anchor on the next Shift. A range without an anchor in
 * the shown order is a plain press. An entry that gathers several statuses stands for all of them. Pure.
 */
export function reduceSelection(selection: Selection, action: SelectionAction): Selection {
  if (action.kind === 'clear') {
    return NOTHING_SELECTED;
  }
  const { ids: pressed, mode, order } = action;
  const [anchor] = pressed;
  if (mode === 'toggle') {
    const without = selection.ids.filter((known) => !pressed.includes(known));
    return without.length === selection.ids.length - pressed.length
      ? { ids: without, anchor }
      : { ids: [...without, ...pressed], anchor };
  }
  if (mode === 'range') {
    const range = rangeBetween(order, selection.anchor ?? selection.ids.at(-1), pressed);
    if (range) {
      return range;
    }
  }
  const isAlone =
    selection.ids.length === pressed.length && pressed.every((id) => selection.ids.includes(id));
  return isAlone ? NOTHING_SELECTED : { ids: pressed, anchor };
}

function rangeBetween(
  order: readonly string[],
  anchor: string | undefined,
  pressed: readonly string[]
): Selection | undefined {
  const from = anchor === undefined ? -1 : order.indexOf(anchor);
  const places = pressed.map((id) => order.indexOf(id));
  return from === -1 || places.includes(-1)
    ? undefined
    : { ids: order.slice(Math.min(from, ...places), Math.max(from, ...places) + 1), anchor };
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
