import { runProgram } from '@rastreio/runtime';
import { Command } from 'commander';
import { addApply } from './applyCommand';
import { addCheck } from './checkCommand';
import { addLint } from './lintCommand';
import { addPull } from './pullCommand';

const program = new Command('grafana')
  .description('Dashboards and alerting of this repository in a running Grafana')
  .addHelpText('after', '\nThe last line of stdout is one JSON object.')
  .exitOverride();
addApply(program);
addPull(program);
addLint(program);
addCheck(program);

void runProgram(program);
