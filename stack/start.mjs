// What `npm start` runs: plain JavaScript without dependencies, so that it works in a fresh clone before `npm ci`.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { enginesOf, needsInstall, nodeProblem } from '../scripts/prerequisites.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const problem = nodeProblem(process.versions.node, enginesOf(root));
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(78);
}

if (needsInstall(root)) {
  process.stdout.write('Installing the dependencies (npm ci, a minute or two) ...\n');
  const { status } = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write('npm ci failed; correct what it says above and run npm start again.\n');
    process.exit(1);
  }
}

const child = spawn(
  process.execPath,
  [path.join(root, 'scripts', 'run.mjs'), 'stack/src/main.ts', ...process.argv.slice(2)],
  // By the channel it notices when we are killed, and stops.
  { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
);
// A terminal sends Ctrl-C to the child as well; other senders reach only us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
