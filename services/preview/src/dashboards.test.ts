import { homeOf, addressOf } from './dashboards';

const dashboard = (uid: string) => ({ uid, title: `Página ${uid}`, tags: [] });
const [live, tower, other] = ['entregas-tempo-real', 'torre', 'a'].map(dashboard);

test.each([
  [[other, live, tower], 'torre'],
  [[other, live], 'entregas-tempo-real'],
  [[other], 'a'],
  [[], undefined],
])('the home page is the control tower where there is one', (dashboards, uid) => {
  expect(homeOf(dashboards.flatMap((each) => each ?? []))?.uid).toBe(uid);
});

test('an address has the title in it', () => {
  expect(addressOf(dashboard('torre'))).toBe('/d/torre/pagina-torre');
});
