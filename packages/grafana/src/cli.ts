import { runProgram } from '@rastreio/runtime';
import { Command } from 'commander';
import { addApply } from './applyCommand';

const program = new Command('grafana')
  .description('Dashboards and alerting of this repository in a running Grafana')
  .addHelpText('after', '\nThe last line of stdout is one JSON object.')
  .exitOverride();
addApply(program);

void runProgram(program);
