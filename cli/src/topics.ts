import { ensureTopics, type TopicDifference } from '@rastreio/kafka';
import { TOPIC_DEAD_LETTERS, TOPIC_EVENTS } from '@rastreio/contract';
import { parseDuration, wholeNumber } from '@rastreio/runtime';
import { Option, type Command } from 'commander';
import { addBrokers, exitCodes, type PlaceOptions } from './common/options';
import { findAnsweringKafka } from './common/kafka';
import { commandLog, printResult, say } from './common/output';

interface Options extends PlaceOptions {
  readonly partitions?: number;
  readonly replicationFactor?: number;
  readonly minInsyncReplicas?: number;
  readonly retention?: number;
  readonly deadLetterBytes?: number;
  readonly alter: boolean;
}

/** Makes the topics where they are missing, and compares those that are there. */
export function addTopics(command: Command): void {
  const choice = (
    flags: string,
    description: string,
    env: string,
    parse: (text: string) => number,
    left: string,
  ) => command.addOption(new Option(flags, description).env(env).default(undefined, left).argParser(parse));
  addBrokers(command);
  choice('--partitions <n>', 'partitions of the events topic', 'KAFKA_PARTITIONS', wholeNumber(1), '6');
  choice(
    '--replication-factor <n>',
    'copies of each partition',
    'KAFKA_REPLICATION_FACTOR',
    wholeNumber(1, 32_767),
    '3, or as many as there are brokers',
  );
  choice(
    '--min-insync-replicas <n>',
    'copies that must have a message before it counts as sent',
    'KAFKA_MIN_INSYNC_REPLICAS',
    wholeNumber(1, 32_767),
    '2 of three copies or more, else the brokers’ own',
  );
  choice('--retention <duration>', 'how long events stay in Kafka', 'KAFKA_RETENTION', parseDuration, '7d');
  choice(
    '--dead-letter-bytes <n>',
    'largest dead letter',
    'KAFKA_DEAD_LETTER_BYTES',
    wholeNumber(1024, 2_147_483_647),
    '104857600',
  );
  command
    .option('--alter', 'change the settings of topics that are there', false)
    .addHelpText('after', exitCodes('done', 'failed', 'wrong settings, or Kafka refuses them'))
    .action(async ({ partitions, replicationFactor, minInsyncReplicas, alter, ...options }: Options) => {
      const kafka = await findAnsweringKafka(options);
      const { created, altered, differences } = await ensureTopics({
        ...kafka,
        partitions,
        replicationFactor,
        minInsyncReplicas,
        retentionMs: options.retention,
        deadLetterBytes: options.deadLetterBytes,
        alter,
        log: commandLog('topics', 'info'),
      });
      for (const difference of altered) say(`${inWords(difference)}: changed`);
      for (const difference of differences) say(`${inWords(difference)}: ${difference.how}`);
      printResult('kafka:topics', {
        brokers: kafka.brokers,
        topics: [TOPIC_EVENTS, TOPIC_DEAD_LETTERS],
        created,
        altered,
        differences,
      });
    });
}

function inWords({ topic, setting, is, wanted }: TopicDifference): string {
  return `${topic} has ${setting} ${is}, not ${wanted}`;
}
