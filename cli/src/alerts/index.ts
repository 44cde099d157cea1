import type { Command } from 'commander';
import { addBacktest } from './backtestCommand';

/** Adds the commands that work on alert rules. */
export function addAlerts(alerts: Command): void {
  addBacktest(alerts);
}
