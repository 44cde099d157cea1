import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';

test('a log on a full disk loses lines and ends nothing', () => {
  const full = openSync('/dev/full', 'w');
  const program = `
    const { createLog } = require(${JSON.stringify(path.join(__dirname, 'log.ts'))});
    const log = createLog('test');
    for (let i = 0; i < 50; i++) log.info('a line');
    process.stderr.write('still there');`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', program], {
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  expect({ status, said: stderr.toString() }).toEqual({ status: 0, said: 'still there' });
});
