import { runScript, spawnScript } from './command';

const MAIN = 'services/producer/src/main.ts';

/** Starts a producer command as a process of its own. */
export function spawnProducer(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnScript(MAIN, args, env);
}

/** Runs a producer command to its end. */
export function runProducer(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runScript(MAIN, args, env);
}
