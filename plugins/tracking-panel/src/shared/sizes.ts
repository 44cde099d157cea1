/** Pixels between two parts, and between two cards. */
export const GAP = 16;
/** Room kept for a scrollbar where something scrolls, so that nothing moves when it appears. */
export const SCROLLBAR = 12;
