import { EXIT, OperatorError, runCommand } from '@rastreio/runtime';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { verify, type VerifyResult } from './verify';

interface Options {
  readonly databaseUrl?: string;
  readonly wait: number;
  readonly ignoreOthers: boolean;
}

const program = new Command('npm run verify --')
  .description('compare a database with the ground truth of a simulation (simulate --ground-truth FILE)')
  .argument('<file>', 'the ground truth')
  .addOption(new Option('--database-url <url>', 'the database to compare').env('DATABASE_URL'))
  .option('--wait <seconds>', 'wait this long until everything is written', seconds, 60)
  .option('--ignore-others', 'the database holds other packages, too: compare this world’s only', false)
  .addHelpText(
    'after',
    '\nThe last line of stdout is one JSON object.\nExit codes: 0 all agrees, 1 something differs or failed, 2 usage.',
  )
  .exitOverride();

void runCommand(async () => {
  try {
    program.parse();
  } catch (error) {
    // commander has printed its message; help ends with 0, everything else is a usage error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
  const { databaseUrl, wait, ignoreOthers } = program.opts<Options>();
  if (databaseUrl === undefined)
    throw new OperatorError('Give --database-url or set DATABASE_URL', EXIT.usage);
  const file = program.args[0] ?? '';
  const result = await verify({ file, databaseUrl, waitMs: wait * 1000, ignoreOthers });
  process.stderr.write(describe(result));
  process.stdout.write(`${JSON.stringify({ command: 'verify', file, ...result })}\n`);
  return result.ok ? EXIT.done : EXIT.wrong;
});

function describe({ packages, rejected, accounts, different, differences }: VerifyResult): string {
  const lines = Object.entries(different).map(
    ([section, n]) => `${section.padEnd(10)} ${n === 0 ? 'agree' : `${n} differences`}`,
  );
  const first = differences.map(
    ({ what, expected, actual }) =>
      `  ${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`,
  );
  const read = `${packages.compared} packages, ${accounts.inserted} events, ${rejected} rejected messages, ${accounts.redelivered} redelivered\n`;
  return `${[...lines, ...first].join('\n')}\n${read}`;
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('Use a number of seconds from 0.');
  return value;
}
