import { createLog, runProgram } from '@rastreio/runtime';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ensureTopics } from './topics';

const program = new Command('kafka:topics')
  .description('make the events topic and the dead-letter topic where they are missing')
  .exitOverride()
  .addOption(
    new Option('--brokers <list>', 'host:port separated by commas')
      .env('KAFKA_BROKERS')
      .default('localhost:9094'),
  )
  .addOption(
    new Option('--partitions <n>', 'partitions of the events topic')
      .env('KAFKA_PARTITIONS')
      .default(6)
      .argParser(positive),
  )
  .addOption(
    new Option('--replication-factor <n>', 'copies of each partition')
      .env('KAFKA_REPLICATION_FACTOR')
      .default(1)
      .argParser(positive),
  )
  .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 usage.')
  .action(async (options: { brokers: string; partitions: number; replicationFactor: number }) => {
    await ensureTopics({ ...options, log: createLog('topics', 'info', 'stderr') });
  });

void runProgram(program);

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Use a whole number above 0.');
  return value;
}
