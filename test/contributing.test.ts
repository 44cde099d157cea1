import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..');
const MOST_FILES = 5;
/** Tests follow what they test, commands write the others, and the rest is history. */
const NOT_BY_HAND =
  /\.test\.tsx?$|^(node_modules|CHANGELOG\.md|CONTRIBUTING\.md|docs\/(commands|schema)\.md|docs\/decisions|sql\/(schema\.sql|upgrade)|bench\/results)|panel-gallery\.json$|\/locales\/en-US\//;
/** What `grafana:pull --as-saved` writes into dashboards; a KPI's panel is made on the screen. */
const DASHBOARDS = /^dashboards\//;

interface Recipe {
  readonly title: string;
  /** What a part that exists is called. */
  readonly example: string;
  readonly files: readonly string[];
}

const recipes: readonly Recipe[] = readFileSync(path.join(ROOT, 'CONTRIBUTING.md'), 'utf8')
  .split(/^## How to add /m)
  .slice(1)
  .map((section) => ({
    title: section.split('\n')[0] ?? '',
    example: /^Follow `([^`]+)`:$/m.exec(section)?.[1] ?? '',
    files: [...section.matchAll(/^\d\. `([^`]+)`/gm)].map(([, file = '']) => file),
  }));

test('there is a list for each thing that is added, of at most five files, which exist', () => {
  expect(recipes.map(({ title }) => title)).toEqual([
    'a KPI with its panel and its alert',
    'a source',
    'a panel option',
    'a status',
  ]);
  for (const { title, files } of recipes) {
    expect([title, files.length > 0 && files.length <= MOST_FILES]).toEqual([title, true]);
    expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  }
});

// How a status is added, test/statuses.test.ts shows by adding one.
test.each(recipes.filter(({ title }) => title !== 'a status'))(
  'to add $title, no file is needed that the list does not name: none else has $example',
  ({ title, example, files }) => {
    const word = new RegExp(`\\b${example}\\b`);
    const left = title === 'a panel option' ? [NOT_BY_HAND, DASHBOARDS] : [NOT_BY_HAND];
    const having = [...filesIn('')].filter(
      (file) =>
        !left.some((pattern) => pattern.test(file)) && word.test(readFileSync(path.join(ROOT, file), 'utf8')),
    );
    const listed = (file: string) => files.some((name) => file === name || file.startsWith(`${name}/`));
    expect(having.length).toBeGreaterThan(2);
    expect(having.filter((file) => !listed(file))).toEqual([]);
  },
);

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(path.join(ROOT, folder), { withFileTypes: true })) {
    const name = path.posix.join(folder, entry.name);
    if (/^(\.|node_modules$|dist$|coverage$)/.test(entry.name)) continue;
    if (entry.isDirectory()) yield* filesIn(name);
    else if (/\.(tsx?|mjs|json|md|sql|ya?ml)$/.test(entry.name)) yield name;
  }
}
