import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { statusFiles } from './files';

for (const { file, before, after } of statusFiles()) {
  if (before === after) continue;
  writeFileSync(file, after);
  process.stdout.write(`${path.relative(process.cwd(), file)}\n`);
}
