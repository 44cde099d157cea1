import type { Command } from 'commander';
import { addList } from './listCommand';
import { addReplay } from './replayCommand';
import { addShow } from './showCommand';

/** Adds the commands that work on dead letters. */
export function addDlq(dlq: Command): void {
  addList(dlq);
  addShow(dlq);
  addReplay(dlq);
}
