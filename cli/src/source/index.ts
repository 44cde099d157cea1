import type { Command } from 'commander';
import { addList } from './listCommand';
import { addTry } from './tryCommand';

/** Adds `source list` and `source try`. */
export function addSource(source: Command): void {
  addList(source);
  addTry(source);
}
