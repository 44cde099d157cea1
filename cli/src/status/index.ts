import type { Command } from 'commander';
import { addAdd, addMap, addUnmap } from './editCommands';
import { addList, addUnknown } from './listCommands';

/** Adds `status list`, `unknown`, `map`, `unmap` and `add`. */
export function addStatusCommands(status: Command): void {
  addList(status);
  addUnknown(status);
  addMap(status);
  addUnmap(status);
  addAdd(status);
}
