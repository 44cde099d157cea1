import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(__dirname, '..');

describe('circles of imports', () => {
  test.each([
    ['of values', `import { b } from './b';\nexport const a = b;\n`],
    ['of types', `import type { B } from './b';\nexport const a: B | null = null;\n`],
  ])('a planted one %s fails the check', (_what, source) => {
    const found = findCircles({
      'a.ts': source,
      'b.ts': `import type { a } from './a';\nexport const b = 1;\nexport type B = typeof a;\n`,
    });
    expect(found.stdout).toMatch('a.ts > b.ts');
    expect(found.status).toBe(1);
  });

  test('files in one direction pass', () => {
    const found = findCircles({ 'a.ts': `export { b } from './b';\n`, 'b.ts': 'export const b = 1;\n' });
    expect(found.stdout).toMatch('Processed 2 files');
    expect(found.status).toBe(0);
  });
});

/** What the check says to these files, with the settings that it has for the repository (.madgerc). */
function findCircles(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'rastreio-circles-'));
  try {
    for (const [name, source] of Object.entries(files)) writeFileSync(path.join(folder, name), source);
    const command = ['madge', '--circular', '--no-spinner', folder];
    return spawnSync('npx', command, { cwd: root, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('directions of imports', () => {
  const [contract, database, consumer] = [
    'packages/contract/src/index.ts',
    'packages/database/src/index.ts',
    'services/consumer/src/main.ts',
  ];
  const refused = [
    [contract, '@rastreio/runtime'],
    [contract, '../../runtime/src/index'],
    [database, '@rastreio/stack'],
    [database, '@rastreio/consumer'],
    [database, '../../../services/consumer/src/writer'],
    [database, '../../../test/support/servers'],
    ['packages/database/src/write/writeBatch.test.ts', '../../../services/consumer/src/writer'],
    [consumer, '@rastreio/producer'],
    [consumer, '@rastreio/stack'],
    [consumer, '../../../bench/support'],
    ['stack/src/main.ts', '../../test/support/servers'],
    ['stack/src/main.ts', '@rastreio/cli'],
    ['stack/src/main.ts', '../../cli/src/program'],
    [database, '@rastreio/cli'],
    [consumer, '../../../cli/src/program'],
    ['cli/src/main.ts', '../../test/support/servers'],
    ['cli/src/main.ts', '@rastreio/testing/command'],
    [database, '@rastreio/testing/servers'],
    ['packages/database/src/connect/pool.ts', '../write/writeBatch'],
    ['packages/database/src/schema/migrate.ts', '../maintain/verifyTables'],
    ['packages/database/src/write/writeBatch.ts', '../maintain/verifyTables'],
    ['packages/database/src/maintain/verifyTables.ts', '../write/writeBatch'],
    ['packages/database/src/write/writeBatch.ts', '@rastreio/consumer'],
    ['packages/database/src/write/writeBatch.test.ts', '../../../test/support/servers'],
  ] as const;
  const allowed = [
    [contract, 'zod'],
    [database, '@rastreio/contract'],
    ['packages/database/src/write/writeBatch.ts', '../connect/transaction'],
    ['packages/database/src/maintain/rebuildTables.test.ts', '../write/writeBatch'],
    [consumer, '@rastreio/database'],
    ['stack/src/main.ts', '@rastreio/database'],
    ['test/plans.test.ts', '../services/consumer/src/writer'],
    ['packages/database/src/write/writeBatch.test.ts', '@rastreio/testing/servers'],
    ['packages/grafana/src/check/check.test.ts', '../../test/standIn'],
    ['stack/src/stack.test.ts', '@rastreio/testing/servers'],
    ['cli/src/main.ts', '@rastreio/producer'],
    ['cli/src/main.ts', '@rastreio/stack'],
    ['cli/src/dlq/dlq.test.ts', '../../test/dlqHarness'],
    ['test/smoke/main.ts', '../../cli/src/verify/verify'],
  ] as const;

  test('planted imports against them are refused, the others pass', () => {
    expect(refusals(root, [...refused, ...allowed])).toEqual(refused);
  });
});

describe('rooms of the panel', () => {
  const [slices, chart, card, table, panel] = [
    'src/statuses/slices.ts',
    'src/pie/PieChart.tsx',
    'src/cards/KpiCard.tsx',
    'src/table/StatusTable.tsx',
    'src/frame/TrackingPanel.tsx',
  ];
  const refused = [
    ['src/shared/fields.ts', '../statuses/palette'],
    [slices, '../pie/geometry'],
    ['src/interaction/highlight.ts', '../table/columns'],
    [chart, '../table/columns'],
    [chart, '../cards/contrast'],
    [card, '../pie/Swatch'],
    [table, '../frame/layout'],
    [table, '../options'],
    [panel, '../plugin'],
  ] as const;
  const allowed = [
    [slices, '../shared/fields'],
    [chart, '../interaction/highlight'],
    [card, '../types'],
    [table, '../statuses/slices'],
    [panel, '../pie/StatusPie'],
    ['src/plugin.ts', './frame/TrackingPanel'],
    ['src/pie/PieOptions.test.tsx', '../test/panel'],
  ] as const;

  test('a planted import from one feature to another is refused, the others pass', () => {
    const folder = path.join(root, 'plugins/tracking-panel');
    expect(refusals(folder, [...refused, ...allowed])).toEqual(refused);
  });
});

/** Which of these files' imports ESLint refuses by the settings of this folder. */
function refusals(folder: string, planted: readonly (readonly [file: string, imported: string])[]): unknown {
  // In a process of its own: jest cannot load ESLint's settings, which are an ES module. Types are not asked for: they take long.
  const script = `
    import { ESLint } from 'eslint';
    const overrideConfig = { languageOptions: { parserOptions: { projectService: false, project: false } } };
    const eslint = new ESLint({ overrideConfig, ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-imports' });
    const refused = [];
    for (const [file, imported] of ${JSON.stringify(planted)}) {
      const [{ messages }] = await eslint.lintText(\`import '\${imported}';\`, { filePath: file });
      if (messages.some(({ ruleId }) => ruleId === 'no-restricted-imports')) refused.push([file, imported]);
    }
    console.log(JSON.stringify(refused));`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(child.stderr).toBe('');
  // A plugin of ESLint's says more before.
  return JSON.parse(child.stdout.trim().split('\n').at(-1) ?? '');
}
