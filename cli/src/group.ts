import { CONSUMER_GROUP, TOPIC_EVENTS } from '@rastreio/contract';
import { readGroup, skipTo } from '@rastreio/kafka';
import { wholeNumber } from '@rastreio/runtime';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { findAnsweringKafka } from './common/kafka';
import { addBrokers, exitCodes, type PlaceOptions } from './common/options';
import { commandLog, printResult, say } from './common/output';

interface Options extends PlaceOptions {
  readonly group: string;
}

/** Adds `group show` and `group skip`. */
export function addGroup(group: Command): void {
  addPlace(group.command('show'))
    .description('how far the consumers have read each partition of the events topic')
    .addHelpText('after', exitCodes('done', 'failed'))
    .action(async (options: Options) => {
      const found = await readGroup(await place(options));
      for (const { partition, next, first, end } of found.positions)
        say(
          `${TOPIC_EVENTS}:${partition}  next ${next ?? 'none'}, behind ${behind(next ?? first, end)}, Kafka has ${first} to ${end}`,
        );
      printResult('group:show', { group: options.group, topic: TOPIC_EVENTS, ...found });
    });
  addPlace(group.command('skip'))
    .description('let the consumers go on behind messages that nobody can read; stop the consumers before')
    .argument('<partition>', 'of the events topic', wholeNumber(0))
    .argument('<offset>', 'of the first message that is read again', offsetArgument)
    .addHelpText('after', exitCodes('done', 'consumers run, or failed'))
    .action(async (partition: number, offset: string, options: Options) => {
      const before = await skipTo({ ...(await place(options)), partition, offset });
      const from = before.next ?? before.first;
      say(`${TOPIC_EVENTS}:${partition}: ${behind(from, offset)} messages passed over, from ${from} on`);
      printResult('group:skip', { group: options.group, topic: TOPIC_EVENTS, partition, from, to: offset });
    });
}

function addPlace(command: Command): Command {
  return addBrokers(
    command.addOption(
      new Option('--group <name>', 'of the consumers').env('CONSUMER_GROUP_ID').default(CONSUMER_GROUP),
    ),
  );
}

async function place({ group, ...options }: Options) {
  return {
    ...(await findAnsweringKafka(options)),
    group,
    topic: TOPIC_EVENTS,
    log: commandLog('group', 'silent'),
  };
}

function offsetArgument(text: string): string {
  if (/^\d{1,19}$/.test(text)) return text;
  throw new InvalidArgumentError(
    'an offset is a whole number from 0, as in "the message before it is 1711".',
  );
}

function behind(from: string, to: string): string {
  return (BigInt(to) - BigInt(from)).toString();
}
