import { createValidator, eventMessage, TOPIC_EVENTS, type TrackingEvent } from '@rastreio/contract';
import { createBatchingPublisher, createKafka, createPublisher, type KafkaConnection } from '@rastreio/kafka';
import { EXIT } from '@rastreio/runtime';
import { judgePayload } from '@rastreio/sources';
import type { Command } from 'commander';
import { findAnsweringKafka } from '../common/kafka';
import {
  addBrokers,
  exitCodes,
  skewOption,
  toRules,
  type PlaceOptions,
  type RuleOptions,
} from '../common/options';
import { commandLog, printResult, say } from '../common/output';
import { addFolder, findProfile, type FolderOptions } from './folder';
import { FILE_LIMITS, payloadOf } from './payloadFile';
import { problemLines, unknownLines } from './report';

interface SendOptions extends FolderOptions, PlaceOptions, RuleOptions {}

const MESSAGES_PER_SEND = 2_000;
const PROBLEMS_SHOWN = 50;

const HELP = `
Sends what can be read through Kafka and says of the rest where it stands in the file: correct the file or the profile and send the file
again, which counts nothing twice. "rastreio source try" shows the same without sending. ${exitCodes('every event was sent', 'some could not be read, or it failed', 'the profile is broken: its lines are named').trim()}`;

/** Adds `source send`. */
export function addSend(source: Command): void {
  addBrokers(addFolder(source.command('send')))
    .description('send the events of a file, read by a profile, through Kafka')
    .argument('<profile>', 'name of the profile')
    .argument('<file>', 'as the source gives it: JSON, CSV, fixed width')
    .addOption(skewOption())
    .addHelpText('after', HELP)
    .action(send);
}

async function send(name: string, file: string, options: SendOptions): Promise<void> {
  const profile = await findProfile(name, options.profiles);
  const rules = toRules(options);
  const bytes = await payloadOf(file);
  const connection = await findAnsweringKafka(options);
  const { events, problems, problemsOmitted, unknownStatuses } = await judgePayload(
    profile,
    bytes,
    createValidator(rules),
    FILE_LIMITS,
  );
  const wrong = problems.length + problemsOmitted;
  await publish(events, connection);
  for (const line of problemLines(problems.slice(0, PROBLEMS_SHOWN))) say(line);
  if (wrong > PROBLEMS_SHOWN) say(`… and ${wrong - PROBLEMS_SHOWN} more problems`);
  const unknown = [...unknownStatuses].sort(([, a], [, b]) => b - a);
  for (const line of unknownLines(unknown)) say(line);
  say(`${profile.name}: ${events.length} events sent, ${wrong} problems`);
  printResult('source:send', {
    profile: profile.name,
    file,
    sent: events.length,
    problems,
    problems_omitted: problemsOmitted,
    unknown_statuses: Object.fromEntries(unknown),
  });
  if (wrong > 0) process.exitCode = EXIT.wrong;
}

async function publish(events: readonly TrackingEvent[], connection: KafkaConnection): Promise<void> {
  const log = commandLog('source');
  const kafka = createKafka({ ...connection, clientId: 'rastreio-source', log });
  const publisher = createBatchingPublisher(await createPublisher(kafka, TOPIC_EVENTS, log));
  try {
    for (let from = 0; from < events.length; from += MESSAGES_PER_SEND)
      await publisher.send(events.slice(from, from + MESSAGES_PER_SEND).map(eventMessage));
  } finally {
    await publisher.close();
  }
}
