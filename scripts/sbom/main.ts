import { runCommand } from '@rastreio/runtime';
import { billOfMaterials } from './bill';

void runCommand(async () => {
  process.stdout.write(`${JSON.stringify(await billOfMaterials(), null, 2)}\n`);
});
