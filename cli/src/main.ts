import { runProgram } from '@rastreio/runtime';
import { createProgram } from './program';

void createProgram(process.argv.slice(2)).then(runProgram);
