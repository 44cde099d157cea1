import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { printedCommands } from './docCommands/find';

const ROOT = path.resolve(__dirname, '..');
const markdownIn = (folder: string) =>
  readdirSync(path.join(ROOT, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.posix.join(folder, file));
const PAGES = ['.', 'docs', 'docs/decisions', 'sql/reference', 'bench', 'plugins/tracking-panel'].flatMap(
  markdownIn,
);
const textOf = (page: string) => readFileSync(path.join(ROOT, page), 'utf8');

/** The targets of a page's links and pictures, code left out. */
function linksOf(page: string): string[] {
  const text = textOf(page)
    .replace(/^```.*?^```$/gms, '')
    .replace(/`[^`\n]*`/g, '`');
  return [...text.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
}

/** The anchors of a page, as GitHub makes them of headings: lower case, letters, digits, `_` and `-` stay, spaces become `-`. */
function anchorsOf(page: string): Set<string> {
  const headings = [
    ...textOf(page)
      .replace(/^```.*?^```$/gms, '')
      .matchAll(/^#+ (.+)$/gm),
  ];
  return new Set(
    headings.map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_\- ]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

test.each(PAGES)(
  'every link of %s leads to a file of the repository, and to a heading that is there',
  (page) => {
    const broken = linksOf(page).filter((target) => {
      if (/^[a-z]+:/.test(target)) return false;
      const [file = '', anchor] = target.split('#');
      const to = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
      if (!existsSync(path.join(ROOT, to))) return true;
      return (
        anchor !== undefined && (statSync(path.join(ROOT, to)).isDirectory() || !anchorsOf(to).has(anchor))
      );
    });
    expect(broken).toEqual([]);
  },
);

test('links are found: many, and with anchors', () => {
  const links = PAGES.flatMap(linksOf);
  expect(links.length).toBeGreaterThan(150);
  expect(links.filter((target) => target.includes('#')).length).toBeGreaterThan(30);
});

test('the two READMEs say the same: their commands, their links and the order of both are equal', () => {
  const [english, portuguese] = ['README.md', 'README.pt-BR.md'].map((page) => ({
    commands: printedCommands([page]).map(({ text }) => text),
    links: linksOf(page).filter((target) => !target.startsWith('README')),
    headings: textOf(page).match(/^## /gm),
  }));
  expect(portuguese).toEqual(english);
});
