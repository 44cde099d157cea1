import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const PROGRAM = `
  const { runCommand } = require(${JSON.stringify(path.join(__dirname, 'run.ts'))});
  void runCommand(async () => {
    for (let i = 0; i < 100; i++) {
      process.stdout.write('line ' + i + '\\n');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    process.stderr.write('all done');
    return 3;
  });`;

test('a command goes on to its end, and says its exit code, when nobody reads its output any more', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', PROGRAM], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect({ code, said }).toEqual({ code: 3, said: 'all done' });
});
