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
