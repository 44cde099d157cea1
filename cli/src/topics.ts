import { TOPIC_DEAD_LETTERS, TOPIC_EVENTS } from '@rastreio/contract';
import { ensureTopics } from '@rastreio/kafka';
import { wholeNumber } from '@rastreio/runtime';
import { Option, type Command } from 'commander';
import { addBrokers, exitCodes, type PlaceOptions } from './common/options';
import { findAnsweringKafka } from './common/kafka';
import { commandLog, printResult } from './common/output';

interface Options extends PlaceOptions {
  readonly partitions: number;
  readonly replicationFactor: number;
}

/** Makes the topics where they are missing. */
export function addTopics(command: Command): void {
  addBrokers(command)
    .addOption(
      new Option('--partitions <n>', 'partitions of the events topic')
        .env('KAFKA_PARTITIONS')
        .default(6)
        .argParser(wholeNumber(1)),
    )
    .addOption(
      new Option('--replication-factor <n>', 'copies of each partition')
        .env('KAFKA_REPLICATION_FACTOR')
        .default(1)
        .argParser(wholeNumber(1)),
    )
    .addHelpText('after', exitCodes('done', 'failed'))
    .action(async ({ partitions, replicationFactor, ...options }: Options) => {
      const kafka = await findAnsweringKafka(options);
      await ensureTopics({ ...kafka, partitions, replicationFactor, log: commandLog('topics', 'info') });
      printResult('kafka:topics', { brokers: kafka.brokers, topics: [TOPIC_EVENTS, TOPIC_DEAD_LETTERS] });
    });
}
