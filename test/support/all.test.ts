import { execFile } from 'node:child_process';
import path from 'node:path';

const ALL = path.resolve(__dirname, '../all.ts');

/** Exit code and output of `npm test` with these arguments. */
const run = (...args: string[]) =>
  new Promise<{ code: unknown; out: string }>((resolve) =>
    execFile(process.execPath, ['--import', 'tsx', ALL, ...args], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, out: stdout + stderr }),
    ),
  );

test.each([['--help'], ['-h']])('npm test -- %s says what there is, and runs nothing', async (arg) => {
  const { code, out } = await run(arg);
  expect(code).toBe(0);
  expect(out).toContain('npm run test:full');
  expect(out).not.toMatch(/passed, \d+ failed/);
});

test.each([['--hlep'], ['--full=yes'], ['packages/contract']])(
  '%s is a usage error, told without a stack',
  async (arg) => {
    const { code, out } = await run(arg);
    expect(code).toBe(2);
    expect(out).toContain('npx jest PATH');
    expect(out).not.toMatch(/\n\s+at /);
  },
);
