import { fillRegistries } from '../test/editors';
import { optionsWith } from '../test/frames';
import { isVisible } from '../test/optionItems';

beforeAll(fillRegistries);

const NO_PIE = { show: { pie: false } };
const DONUT = { pie: { type: 'donut' as const } };

describe('options of the pie', () => {
  it.each([
    ['pie.donutThickness', 'a donut', DONUT, true],
    ['pie.donutThickness', 'a pie', {}, false],
    ['pie.donutThickness', 'no pie', { ...DONUT, ...NO_PIE }, false],
    ['pie.centre', 'a donut', DONUT, true],
    ['pie.centre', 'a pie', {}, false],
    ['pie.centreField', 'a KPI in the hole', { pie: { type: 'donut', centre: 'kpi' } }, true],
    ['pie.centreField', 'a total in the hole', { pie: { type: 'donut', centre: 'total' } }, false],
    ['pie.centreField', 'a KPI, but no hole', { pie: { centre: 'kpi' } }, false],
    ['pie.labelPlacement', 'labels', {}, true],
    ['pie.labelPlacement', 'no labels', { pie: { labels: [] } }, false],
    ['pie.labelPlacement', 'no pie', NO_PIE, false],
    ['pie.labelSize', 'no labels', { pie: { labels: [] } }, false],
    ['pie.patterns', 'no pie', NO_PIE, false],
    ['others.top', 'no pie', NO_PIE, false],
    ['others.minShare', 'no pie', NO_PIE, false],
    ['titles.others', 'nothing gathered', { others: { top: 0, minShare: 0 } }, false],
    ['titles.others', 'a number to keep', { others: { top: 5 } }, true],
    ['titles.others', 'a least share', { others: { minShare: 2 } }, true],
    ['titles.others', 'no pie', { others: { top: 5 }, ...NO_PIE }, false],
    ['legend.width', 'a legend on the right', { legend: { placement: 'right' } }, true],
    ['legend.width', 'a legend below', { legend: { placement: 'bottom' } }, false],
    ['legend.width', 'no legend', { legend: { placement: 'right', show: false } }, false],
    ['tooltip.mode', 'no pie', NO_PIE, false],
    ['tooltip.hideZeros', 'one slice', { others: { top: 0, minShare: 0 } }, false],
    ['tooltip.hideZeros', 'one slice that may have parts', { others: { top: 5 } }, true],
    ['tooltip.hideZeros', 'all slices', { tooltip: { mode: 'multi' } }, true],
    ['tooltip.hideZeros', 'no tooltip', { tooltip: { mode: 'none' }, others: { top: 5 } }, false],
    ['tooltip.hideZeros', 'no pie', { tooltip: { mode: 'multi' }, ...NO_PIE }, false],
  ] as const)('%s with %s', (path, _, changes, expected) => {
    expect(isVisible(path, optionsWith(changes as Parameters<typeof optionsWith>[0]))).toBe(expected);
  });
});
