import { fillRegistries } from '../test/editors';
import { kpiFrame, optionsWith, ORIGINAL_FRAMES, THEME, withOverrides } from '../test/frames';
import { type TrackingOptions } from '../types';
import { findMissing } from './missing';
import { buildModel } from './model';

beforeAll(fillRegistries);

const missing = (changes: Parameters<typeof optionsWith>[0]) =>
  findMissing(withOverrides(ORIGINAL_FRAMES()), optionsWith(changes));

it('asks for nothing that the options do not name', () => {
  expect(missing({})).toEqual([]);
  expect(
    missing({ data: { statusField: 'status_rastreamento' }, cards: { fields: ['total_pacotes'] } })
  ).toEqual([]);
});

it.each([
  [{ data: { statusField: 'x' } }, 'statusField', ['status_rastreamento']],
  [{ data: { valueField: 'x' } }, 'countField', ['total_pacotes', 'tempo_medio_segundos']],
  [{ cards: { fields: ['x'] } }, 'cardField', ['total_pacotes', 'tempo_medio_segundos']],
  [{ cards: { fields: ['status_rastreamento'] } }, 'cardField', ['total_pacotes', 'tempo_medio_segundos']],
  [{ cards: { previousQuery: 'x' } }, 'previousQuery', ['A', 'B', 'C']],
])('says what %j names in vain, and what there is', (changes, what, available) => {
  expect(missing(changes)).toMatchObject([{ what, available }]);
});

it('asks nothing for parts that are not shown', () => {
  const hidden = { pie: false, cards: false, table: false };
  expect(
    missing({ show: hidden, data: { statusField: 'x' }, cards: { fields: ['x'], previousQuery: 'x' } })
  ).toEqual([]);
});

it.each([
  [{ pie: true, cards: false, table: false }, [kpiFrame({ n: 1 })], 'statuses'],
  [{ pie: false, cards: true, table: false }, [kpiFrame({ nota: 'x' })], 'kpis'],
])('%j: wants what it is to show', (show: TrackingOptions['show'], frames, wanted) => {
  expect(buildModel(withOverrides(frames), optionsWith({ show }), THEME)).toEqual({
    kind: 'unusable',
    wanted,
  });
});
