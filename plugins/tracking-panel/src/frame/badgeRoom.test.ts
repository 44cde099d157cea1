import { optionsWith } from '../test/frames';
import { BADGE_GAP, BADGE_HEIGHT, badgeRoom } from './badgeRoom';

const ROOM = BADGE_HEIGHT + BADGE_GAP;
const HEADED = [{ heading: 'Total' }];
const BARE = [{ heading: '' }];
const titles = { pieHeading: '', pie: '', table: '' };
const wide = { pie: true, cards: BARE, width: 1000 };

describe('badgeRoom', () => {
  it.each([
    ['a pie without a heading', { titles }, { ...wide, cards: [] }, ROOM],
    ['a pie with one', {}, { ...wide, cards: [] }, 0],
    ['cards beside a pie', { titles }, { ...wide, cards: HEADED }, 0],
    ['cards without a heading beside a pie that has one', {}, wide, ROOM],
    ['cards under a pie', {}, { ...wide, width: 300 }, 0],
    ['cards alone', {}, { ...wide, pie: false }, ROOM],
    ['cards alone with a heading', {}, { ...wide, pie: false, cards: HEADED }, 0],
    ['a table without a heading', { titles }, { pie: false, cards: [], width: 300 }, ROOM],
    ['a table with one', {}, { pie: false, cards: [], width: 300 }, 0],
  ])('is kept free as %s needs it', (_, changes, shown, expected) => {
    expect(badgeRoom(optionsWith({ ...changes, stale: { afterSeconds: 60 } }), shown)).toBe(expected);
  });

  it('is none where age alone brings no badge', () => {
    expect(badgeRoom(optionsWith({ titles, stale: { afterSeconds: 0 } }), wide)).toBe(0);
  });
});
