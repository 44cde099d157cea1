import { runProgram, wholeNumber } from '@rastreio/runtime';
import { Command, InvalidArgumentError, Option } from 'commander';
import { benchBacktest, DEFAULT_RULES, type BacktestOptions } from './backtest';
import { benchConsumer, type ConsumerOptions } from './consumer';
import { CHOICES, DEFAULTS } from './consumer/variants';
import { benchFreshness, type FreshnessOptions } from './freshness';
import { benchIngest } from './ingest';
import { benchKpis, type KpiOptions } from './kpis';
import { benchPanel, type PanelOptions } from './panel';
import { benchSimulate } from './simulate';
import { recordResult } from './recordResult';
import { machine } from './support';

const atLeastOne = wholeNumber(1);

const ROUNDS = new Option('--rounds <n>', 'the median of this many rounds counts')
  .argParser(atLeastOne)
  .default(3);
const SECONDS = new Option('--seconds <n>', 'length of each timed measurement')
  .argParser(atLeastOne)
  .default(8);

const program = new Command('rastreio bench')
  .description(
    'Measure and compare, side by side in one run; progress on stderr, one JSON object on the last line of stdout.',
  )
  .addHelpText('after', '\nExit codes: 0 measured, 1 failed, 2 usage.')
  .exitOverride();

add('ingest', 'the HTTP source, single events and batches, beside kafkajs alone', benchIngest)
  .addOption(ROUNDS)
  .addOption(SECONDS);
add('simulate', 'the simulator, to a file and to Kafka', benchSimulate).addOption(ROUNDS);
add<ConsumerOptions>(
  'consumer',
  'from Kafka to committed rows: ours beside other sinks and COPY',
  benchConsumer,
)
  .addOption(ROUNDS)
  .option('--events <n>', 'events in the topic', atLeastOne, 500_000)
  .option('--variants <list>', `of ${CHOICES.join(', ')}`, oneOrMoreOf(CHOICES), DEFAULTS);
add<FreshnessOptions>(
  'freshness',
  'from a request to the HTTP source to a row that can be read, at several rates',
  benchFreshness,
)
  .addOption(ROUNDS)
  .addOption(SECONDS)
  .option('--rates <list>', 'events per second', numbers, [100, 1000, 5000]);
add<KpiOptions>(
  'kpis',
  'every query of the real-time dashboard and the KPIs at several sizes, and what the derived tables cost the writer',
  benchKpis,
)
  .option('--parcels <list>', 'sizes, 8 events a parcel', numbers, [100_000, 1_000_000])
  .option('--runs <n>', 'runs of each query', atLeastOne, 40)
  .option('--batches <n>', 'batches of 40,000 events for the write path; 0 leaves it out', wholeNumber(0), 30)
  .option(
    '--admin-url <url>',
    'a server to use instead of starting one, as its superuser; not one in use: the roles get other passwords',
  );
add<BacktestOptions>('backtest', 'alerts:backtest of single rules over a simulated network', benchBacktest)
  .option('--parcels <n>', 'posted over these days', atLeastOne, 100_000)
  .option('--days <n>', 'of history', atLeastOne, 30)
  .option(
    '--rules <list>',
    'uids of provisioning/alerting',
    (text: string) => text.split(',').map((uid) => uid.trim()),
    DEFAULT_RULES,
  );
add<PanelOptions>('panel', 'what a refresh of the panel costs a browser in script', benchPanel)
  .option('--rows <n>', 'rows of the query', atLeastOne, 10_000)
  .option('--updates <n>', 'refreshes that count', atLeastOne, 40)
  .option('--interval <ms>', 'from one refresh to the next', atLeastOne, 1000);
void runProgram(program);

/** Adds a benchmark whose result is printed with its options and the machine. */
function add<Options extends object>(
  name: string,
  text: string,
  bench: (options: Options) => Promise<Record<string, unknown>>,
): Command {
  return program
    .command(name)
    .description(text)
    .option('--record', 'write the result to bench/results/DATE-NAME.json as well')
    .action(async ({ record, ...options }: Options & { record?: boolean }) => {
      const result = await bench(options as Options);
      const all = { bench: name, ...options, ...result, machine: machine() };
      if (record === true) recordResult(name, all);
      process.stdout.write(`${JSON.stringify(all)}\n`);
    });
}

function numbers(text: string): number[] {
  return text.split(',').map((part) => atLeastOne(part.trim()));
}

function oneOrMoreOf(choices: readonly string[]) {
  return (text: string): string[] => {
    const names = text.split(',').map((name) => name.trim());
    const unknown = names.filter((name) => !choices.includes(name));
    if (unknown.length > 0)
      throw new InvalidArgumentError(`There is no ${unknown.join(', ')}; use ${choices.join(', ')}.`);
    return names;
  };
}
