import { GAP, SCROLLBAR } from '../shared/sizes';

/** A part's place in the panel, in pixels from its top left corner. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Layout {
  /** `wide` has the cards beside the pie, `stacked` everything under each other. */
  mode: 'wide' | 'stacked';
  /** Height of all parts: more than the panel's means that the panel scrolls. */
  height: number;
  pie?: Box;
  cards?: Box;
  table?: Box;
  /** How the cards stand in their box. */
  cardColumns: number;
}

export interface LayoutInput {
  width: number;
  height: number;
  showPie: boolean;
  cardCount: number;
  /** Cards with a heading are taller. */
  cardHeight: number;
  /** Decides how many cards stand side by side. */
  minCardWidth?: number;
  /** Height of the table with all its rows; 0 for no table. */
  tableHeight: number;
  /** Height of what stands over and under a pie that has this width: its headings, and its legend if not beside it. */
  pieExtra: (width: number) => number;
}

/** Least width with cards beside the pie. */
export const WIDE_FROM = 640;
/** Least height of the pie itself. */
const MIN_PIE = 180;
const MIN_TABLE = 132;
const MIN_CARD_WIDTH = 180;
const MAX_CARD_COLUMN = 420;
/** Least height of a card that shows its value alone, and its least width in a panel with no room for two rows of those. */
const FLAT_CARD = 40;
const NARROWEST_CARD = 64;
/** Share of the width that cards beside a pie get. */
const CARD_SHARE = 0.38;

/**
 * Places the parts. A function of the panel's size and of the counts alone, never of measured content, so that a
 * refresh cannot move anything that did not change.
 */
export function computeLayout(input: LayoutInput): Layout {
  const { width, showPie, cardCount, tableHeight } = input;
  const parts = [showPie, cardCount > 0, tableHeight > 0].filter(Boolean).length;
  if (parts === 1) {
    return single(input);
  }
  if (width >= WIDE_FROM) {
    return wide(input);
  }
  return stacked(input);
}

function single({ width, height, showPie, cardCount, cardHeight, minCardWidth }: LayoutInput): Layout {
  if (cardCount > 0) {
    // Where a second row would be out of sight, cards get as narrow as that takes.
    const isFlat = height < 2 * FLAT_CARD + GAP;
    const columns = Math.max(
      columnsFor(cardCount, width, minCardWidth),
      isFlat ? columnsFor(cardCount, width, NARROWEST_CARD) : 1
    );
    const rows = Math.ceil(cardCount / columns);
    // One row makes do with what there is: its values come first.
    const needed = rows === 1 ? 0 : rows * (cardHeight + GAP) - GAP;
    const box = {
      left: 0,
      top: 0,
      width: needed > height ? width - SCROLLBAR : width,
      height: Math.max(height, needed),
    };
    return { mode: 'stacked', height: box.height, cardColumns: columns, cards: box };
  }
  const box = { left: 0, top: 0, width, height };
  return { mode: 'stacked', height, cardColumns: 1, ...(showPie ? { pie: box } : { table: box }) };
}

function wide(input: LayoutInput): Layout {
  const { height, showPie, cardCount, cardHeight, tableHeight, pieExtra } = input;
  const cardsBeside = showPie && cardCount > 0;
  const cardColumns = cardsBeside ? 1 : columnsFor(cardCount, input.width, input.minCardWidth);
  const cardsNeed = cardCount > 0 ? Math.ceil(cardCount / cardColumns) * (cardHeight + GAP) - GAP : 0;
  const split = (width: number) => {
    const cards = cardsBeside ? Math.min(MAX_CARD_COLUMN, Math.floor(width * CARD_SHARE)) : width;
    return { cards, pie: cardsBeside ? width - cards - GAP : width };
  };
  // Judged at the narrower width, so that the answer does not depend on whether the panel scrolls.
  const pieNeed = showPie ? MIN_PIE + pieExtra(split(input.width - SCROLLBAR).pie) : 0;
  const topNeed = Math.max(pieNeed, cardsNeed);
  const room = height - topNeed - GAP;
  // Beside a pie, the table has its own height while there is room; under cards alone, it takes the rest.
  const table =
    tableHeight === 0
      ? 0
      : Math.max(Math.min(tableHeight, MIN_TABLE), showPie ? Math.min(tableHeight, room) : room);
  const below = table === 0 ? 0 : GAP + table;
  const top = showPie || table === 0 ? Math.max(topNeed, height - below) : topNeed;
  const total = top + below;
  const width = total > height ? input.width - SCROLLBAR : input.width;
  const widths = split(width);
  return {
    mode: 'wide',
    height: total,
    cardColumns,
    ...(showPie && { pie: { left: 0, top: 0, width: widths.pie, height: top } }),
    ...(cardCount > 0 && { cards: { left: width - widths.cards, top: 0, width: widths.cards, height: top } }),
    ...(table > 0 && { table: { left: 0, top: top + GAP, width, height: table } }),
  };
}

function stacked(input: LayoutInput): Layout {
  const { height, showPie, cardCount, cardHeight, tableHeight, pieExtra } = input;
  const pieHeight = showPie ? MIN_PIE + pieExtra(input.width - SCROLLBAR) : 0;
  const cardColumns = columnsFor(cardCount, input.width, input.minCardWidth);
  const cardsHeight = cardCount > 0 ? Math.ceil(cardCount / cardColumns) * (cardHeight + GAP) - GAP : 0;
  const heights = [pieHeight, cardsHeight, tableHeight].filter((part) => part > 0);
  const needed = heights.reduce((sum, part) => sum + part + GAP, -GAP);
  const width = needed > height ? input.width - SCROLLBAR : input.width;
  // What is left over goes to the pie, else to the cards.
  const spare = Math.max(0, height - needed);
  let top = 0;
  const place = (partHeight: number): Box => {
    const box = { left: 0, top, width, height: partHeight };
    top += partHeight + GAP;
    return box;
  };
  return {
    mode: 'stacked',
    height: Math.max(height, needed),
    cardColumns,
    ...(showPie && { pie: place(pieHeight + spare) }),
    ...(cardCount > 0 && { cards: place(cardsHeight + (showPie ? 0 : spare)) }),
    ...(tableHeight > 0 && { table: place(tableHeight) }),
  };
}

const columnsFor = (count: number, width: number, minWidth = MIN_CARD_WIDTH) =>
  Math.max(1, Math.min(count, Math.floor((width + GAP) / (minWidth + GAP))));
