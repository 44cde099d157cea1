import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..');
const GESTURES = path.join(ROOT, 'test/grafana/pictures');
const PAGES = [
  'README.md',
  ...readdirSync(path.join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

const shownBy = (page: string) =>
  [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, file = '']) =>
    path.posix.join(path.dirname(page), file),
  );

test('every picture that a page shows is there', () => {
  const shown = PAGES.flatMap(shownBy);
  expect(shown.length).toBeGreaterThan(8);
  expect(shown.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
});

test('alerts:pictures takes those of docs/alerts-by-hand.md, each once, and no others', () => {
  const taken = readdirSync(GESTURES).flatMap((file) =>
    [...readFileSync(path.join(GESTURES, file), 'utf8').matchAll(/camera\.take\(\s*page,\s*'([^']+)'/g)].map(
      ([, name]) => `docs/images/${name}.png`,
    ),
  );
  expect([...shownBy('docs/alerts-by-hand.md')].sort()).toEqual(taken.sort());
  const kept = readdirSync(path.join(ROOT, 'docs/images')).filter((file) => file.startsWith('alerta-'));
  expect(kept.map((file) => `docs/images/${file}`).sort()).toEqual(taken.sort());
});
