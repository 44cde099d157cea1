import { placePanels, totalHeight } from './grid';
import { changeUrl, readUrl } from './urlState';

test('an address says dashboard, range, theme and variables, and changes keep the rest', () => {
  const url = new URL(
    'http://localhost:3000/d/entregas-lote/x?from=now-1h&theme=light&var-s=a&var-s=b&kiosk',
  );
  expect(readUrl(url)).toMatchObject({ uid: 'entregas-lote', from: 'now-1h', theme: 'light', kiosk: true });
  expect(readUrl(url).variables).toEqual(new Map([['s', ['a', 'b']]]));
  expect(changeUrl(url, { 'var-s': ['c'], from: null }).search).toBe('?theme=light&kiosk=&var-s=c');
  expect(readUrl(new URL('http://localhost:3000/')).uid).toBeNull();
  expect(readUrl(new URL('http://localhost:3000/'), 'light').theme).toBe('light');
  expect(readUrl(new URL('http://localhost:3000/?theme=dark'), 'light').theme).toBe('dark');
});

test.each([
  ['viewPanel=panel-12', 12],
  ['viewPanel=12', 12],
  ['viewPanel=', null],
  ['viewPanel=twelve', null],
  ['kiosk', null],
])('%s shows panel %p alone', (query, id) =>
  expect(readUrl(new URL(`http://localhost:3000/d/x/y?${query}`)).viewPanel).toBe(id),
);

test('panels stand on 24 columns, and below each other on a narrow page', () => {
  const panels = [
    { id: 1, gridPos: { x: 0, y: 0, w: 12, h: 8 } },
    { id: 2, gridPos: { x: 12, y: 0, w: 12, h: 4 } },
  ];
  const wide = placePanels(panels, 1192);
  expect(wide.get(1)).toEqual({ left: 0, top: 0, width: 592, height: 296 });
  expect(wide.get(2)).toEqual({ left: 600, top: 0, width: 592, height: 144 });
  expect(totalHeight(wide)).toBe(296);
  expect(totalHeight(placePanels(panels, 400))).toBe(296 + 8 + 144);
});
