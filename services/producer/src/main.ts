import { runProgram } from '@rastreio/runtime';
import { Command } from 'commander';
import { addCsv } from './csv/command';
import { addHttp } from './http/command';
import { addKey } from './http/keyCommand';
import { addPull } from './pull/command';
import { addSimulate } from './simulate/command';

const program = new Command('producer').description('Sources of tracking events').exitOverride();
addCsv(program);
addHttp(program);
addKey(program);
addPull(program);
addSimulate(program);

void runProgram(program);
