import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildGallery } from '../scripts/panelGallery/dashboard';
import { GALLERY_FILE, galleryText } from '../scripts/panelGallery/file';

const ROOT = path.resolve(__dirname, '..');
const PLUGIN = path.join(ROOT, 'plugins/tracking-panel');

const gallery = buildGallery();
const demos = gallery.panels.filter(({ type }) => type !== 'row');

/** A row of a table in PARITY.md. */
interface ParityRow {
  readonly option: string;
  readonly status: string;
  readonly notes: string;
  readonly demo: string;
}

const rows: ParityRow[] = readFileSync(path.join(PLUGIN, 'PARITY.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| .*\|$/.test(line) && !/^\| (-+|Option)/.test(line))
  .map((line) => {
    const [option = '', status = '', notes = '', demo = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    return { option, status, notes, demo };
  });
const testFiles = [path.join(PLUGIN, 'src'), path.join(PLUGIN, 'tests'), path.join(ROOT, 'test')].flatMap(
  (folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.basename(file)),
);
const namedTests = (notes: string) =>
  [...notes.matchAll(/`([\w/]+\.(?:test|spec))(?:\.tsx?)?`/g)].map(([, name]) => name ?? '');
const namedDemos = ({ demo }: ParityRow) => demo.split('; ').filter((title) => title !== '');

test('the file is what the script makes: npm run gallery:build', () => {
  expect(readFileSync(GALLERY_FILE, 'utf8')).toBe(galleryText(gallery));
});

test('ids and titles are unique, every demo says what to see and asks no table', () => {
  expect(new Set(gallery.panels.map(({ id }) => id)).size).toBe(gallery.panels.length);
  expect(new Set(demos.map(({ title }) => title)).size).toBe(demos.length);
  for (const { title, description } of demos) expect({ title, description }).toHaveProperty('description');
  expect(JSON.stringify(gallery)).not.toMatch(/FROM (?:pacotes|eventos|status_|indicadores|resumo)/);
});

test('no two demos stand over each other', () => {
  const cells = gallery.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});

test('PARITY.md is read whole', () => {
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.filter(({ status }) => !['yes', 'part', 'no'].includes(status))).toEqual([]);
});

test.each(rows.filter(({ status }) => status !== 'no'))('$option: has a test and a demo', (row) => {
  const tests = namedTests(row.notes);
  expect(tests).not.toEqual([]);
  for (const name of tests)
    expect(testFiles.filter((file) => file.replace(/\.tsx?$/, '') === path.basename(name))).not.toEqual([]);
  expect(namedDemos(row)).not.toEqual([]);
  for (const title of namedDemos(row)) expect(demos.map((demo) => demo.title)).toContain(title);
});

test('every demo of an option is named in PARITY.md', () => {
  const named = new Set(rows.flatMap(namedDemos));
  expect(demos.map(({ title }) => title).filter((title) => !named.has(title))).toEqual([]);
});
