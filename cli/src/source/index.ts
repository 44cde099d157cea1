import type { Command } from 'commander';
import { addList } from './listCommand';
import { addSend } from './sendCommand';
import { addTry } from './tryCommand';

/** Adds `source list`, `source send` and `source try`. */
export function addSource(source: Command): void {
  addList(source);
  addSend(source);
  addTry(source);
}
