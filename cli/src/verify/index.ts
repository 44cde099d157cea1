import { EXIT, numberIn, OperatorError } from '@rastreio/runtime';
import type { Command } from 'commander';
import { addDatabase, exitCodes, type PlaceOptions } from '../common/options';
import { printResult, say } from '../common/output';
import { findDatabase } from '../common/where';
import { verify, type VerifyResult } from './verify';

interface Options extends PlaceOptions {
  readonly wait: number;
  readonly ignoreOthers: boolean;
}

/** Compares a database with the ground truth of a simulation. */
export function addVerify(command: Command): void {
  addDatabase(command.argument('<file>', 'the ground truth'), 'its owner')
    .option('--wait <seconds>', 'wait this long until everything is written', numberIn(0), 60)
    .option('--ignore-others', 'the database holds other parcels, too: compare this world’s only', false)
    .addHelpText('after', exitCodes('all agrees', 'something differs or failed'))
    .action(async (file: string, { wait, ignoreOthers, ...options }: Options) => {
      const databaseUrl = await findDatabase(options, 'owner');
      const result = await verify({ file, databaseUrl, waitMs: wait * 1000, ignoreOthers });
      say(describe(result, ignoreOthers));
      printResult('verify', { file, ...result });
      if (!result.ok) throw new OperatorError('The database differs from the ground truth', EXIT.wrong);
    });
}

function describe(
  { parcels, rejected, accounts, different, differences }: VerifyResult,
  ignoreOthers: boolean,
): string {
  const lines = Object.entries(different).map(
    ([section, n]) => `${section.padEnd(10)} ${n === 0 ? 'agree' : `${n} differences`}`,
  );
  const first = differences.map(
    ({ what, expected, actual }) =>
      `  ${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`,
  );
  // The accounts are those of the whole database: of one run among others they say nothing.
  const whole = ignoreOthers ? '' : `, ${accounts.inserted} events, ${accounts.redelivered} redelivered`;
  const read = `${parcels.compared} parcels, ${rejected} rejected messages${whole}\n`;
  return `${[...lines, ...first].join('\n')}\n${read}`;
}
