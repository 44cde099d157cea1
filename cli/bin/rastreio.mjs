#!/usr/bin/env node
import { runProgram } from '../../scripts/run.mjs';

await runProgram('cli/src/main.ts');
