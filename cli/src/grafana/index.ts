import type { Command } from 'commander';
import { addApply } from './applyCommand';
import { addCheck } from './checkCommand';
import { addFill } from './fillCommand';
import { addLint } from './lintCommand';
import { addPull } from './pullCommand';

/** Adds the commands that work on dashboards and alerting of this repository in a running Grafana. */
export function addGrafanaCommands(grafana: Command): void {
  addApply(grafana);
  addPull(grafana);
  addLint(grafana);
  addCheck(grafana);
  addFill(grafana);
}
