#!/usr/bin/env node
// Plain JavaScript until it is known that the rest can run: the doctor is asked in a fresh clone, too.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { enginesOf, neverInstalled, nodeProblem } from '../../scripts/prerequisites.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const problem =
  nodeProblem(process.versions.node, enginesOf(root)) ??
  (neverInstalled(root)
    ? 'The dependencies are not installed: run npm ci (npm start does it by itself)'
    : undefined);
if (problem === undefined) {
  const { runProgram } = await import('../../scripts/run.mjs');
  await runProgram('cli/src/main.ts');
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 78;
}
