import { type Card } from '../cards/cards';
import { WIDE_FROM } from './layout';
import { type TrackingOptions } from '../types';

/** Height of the badge and what is left free under it, in pixels. */
export const BADGE_HEIGHT = 22;
export const BADGE_GAP = 4;

interface Shown {
  pie: boolean;
  /** Empty: none are shown. */
  cards: ReadonlyArray<Pick<Card, 'heading'>>;
  width: number;
}

/**
 * Height that the panel keeps free over its parts for the badge, so that it covers nothing: none where a heading is in
 * that corner, which leaves room beside it, and where the badge cannot come by age (that of a failed query stands on the
 * error's banner). It does not depend on the badge's being there, so that nothing moves when it comes.
 */
export function badgeRoom({ titles, stale }: TrackingOptions, { pie, cards, width }: Shown): number {
  if (stale.afterSeconds <= 0) {
    return 0;
  }
  const areCardsInCorner = cards.length > 0 && (!pie || width >= WIDE_FROM);
  const isHeaded = areCardsInCorner
    ? cards.some(({ heading }, index) => heading !== '' && (!pie || index === 0))
    : (pie ? titles.pieHeading : titles.table) !== '';
  return isHeaded ? 0 : BADGE_HEIGHT + BADGE_GAP;
}
