import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** `G3` to the files that its section says show it. */
function documented(): Map<string, string[]> {
  const sections = read('docs/guarantees.md')
    .split(/^## (?=G\d+ )/m)
    .slice(1);
  return new Map(
    sections.map((section) => {
      const [shown = ''] = /^Shown by:[^]*?(?=\n\n|(?![^]))/m.exec(section) ?? [];
      return [section.split(' ')[0] ?? '', [...shown.matchAll(/`([\w./-]+\.ts)`/g)].map((m) => m[1] ?? '')];
    }),
  );
}

/** The guarantees that a file's own line names. */
function named(file: string): string[] {
  const [, list = ''] = /^\/\/ Shows (G\d+(?:, G\d+)*) of docs\/guarantees\.md/m.exec(read(file)) ?? [];
  return list === '' ? [] : list.split(', ');
}

const guarantees = documented();

test.each([...guarantees])('%s is shown by files that exist and say so', (guarantee, files) => {
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    expect([file, existsSync(path.join(ROOT, file))]).toEqual([file, true]);
    expect([file, named(file)]).toEqual([file, expect.arrayContaining([guarantee]) as unknown]);
  }
});

test('every file that says it shows a guarantee is named by it', () => {
  const files = ['packages', 'services', 'cli', 'test'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/(^|\/)(node_modules|dist)\//.test(file))
      .map((file) => path.join(folder, file)),
  );
  for (const file of files)
    for (const guarantee of named(file))
      expect([guarantee, guarantees.get(guarantee)]).toEqual([guarantee, expect.arrayContaining([file])]);
});
