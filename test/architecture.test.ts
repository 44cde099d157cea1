import { readFileSync } from 'node:fs';
import path from 'node:path';
import { picture, withPicture } from '../scripts/architecture/picture';
import { needsOfWorkspaces, reduced } from '../scripts/architecture/workspaces';

const ROOT = path.resolve(__dirname, '..');

test('the picture in docs/architecture.md is that of the workspaces; npm run docs:write makes it', () => {
  const page = readFileSync(path.join(ROOT, 'docs/architecture.md'), 'utf8');
  expect(page).toBe(withPicture(page, needsOfWorkspaces(ROOT)));
});

test('every workspace is drawn, and an arrow that follows from others is left out', () => {
  const needs = new Map([
    ['stack', new Set(['services/a', 'packages/b'])],
    ['services/a', new Set(['packages/b', 'packages/contract'])],
    ['packages/b', new Set(['packages/contract'])],
    ['packages/contract', new Set<string>()],
  ]);
  expect(reduced(needs).get('services/a')).toEqual(new Set(['packages/b']));
  const drawn = picture(needs);
  expect(drawn.match(/\["[^"]+"\]/g)).toHaveLength(4);
  expect(drawn.match(/-->/g)).toHaveLength(3);
});
