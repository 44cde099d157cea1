import { EXIT, runCommand } from '@rastreio/runtime';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { benchIngest } from './ingest';
import { benchSimulate } from './simulate';
import { machine } from './support';

const BENCHES = {
  ingest: { run: benchIngest, text: 'the HTTP source, single events and batches, beside kafkajs alone' },
  simulate: { run: benchSimulate, text: 'the simulator, to a file and to Kafka' },
} as const;

const program = new Command('npm run bench --')
  .description(
    'Measure and compare, side by side in one run; progress on stderr, one JSON object on the last line of stdout.',
  )
  .argument(
    '<name>',
    Object.entries(BENCHES)
      .map(([name, { text }]) => `${name}: ${text}`)
      .join('; '),
  )
  .option('--rounds <n>', 'the median of this many rounds counts', atLeastOne, 3)
  .option('--seconds <n>', 'length of each timed measurement', atLeastOne, 8)
  .addHelpText('after', '\nExit codes: 0 measured, 1 failed, 2 usage.')
  .exitOverride();

void runCommand(async () => {
  try {
    program.parse();
    const name = program.args[0] ?? '';
    if (!(name in BENCHES))
      program.error(`error: there is no bench "${name}"; use ${Object.keys(BENCHES).join(', ')}`);
    const options = program.opts<{ rounds: number; seconds: number }>();
    const result = await BENCHES[name as keyof typeof BENCHES].run(options);
    process.stdout.write(`${JSON.stringify({ bench: name, ...options, ...result, machine: machine() })}\n`);
    return EXIT.done;
  } catch (error) {
    // commander has printed its message; help ends with 0, everything else is a usage error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
});

function atLeastOne(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Use a whole number above 0.');
  return value;
}
